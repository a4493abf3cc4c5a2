// The end of a visitor who gets no session.
#pragma once

#include <string>

namespace talk {

inline constexpr const char* kTooMany = "too many sessions from your address";
inline constexpr const char* kNoWindow = "the server cannot open a window for you";

// Says one `ERROR: …` line and shuts the connection down, also for those who hold a copy of it.
// What the visitor has sent is not read, so the end may be a reset.
void turn_away(int visitor, const std::string& reason);

}  // namespace talk
