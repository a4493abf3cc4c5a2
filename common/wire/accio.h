// The words with which an accio upload begins, as both ends say them. The server greets; today's
// client confirms, is greeted again, confirms again, and sends its file behind an empty line.
#pragma once

#include <string_view>

namespace talk {

inline constexpr std::string_view kAccioGreeting = "accio\r\n";  // said twice
inline constexpr std::string_view kAccioConfirmation = "confirm-accio\r\n";
inline constexpr std::string_view kAccioSecondConfirmation = "confirm-accio-again\r\n";
inline constexpr std::string_view kAccioBlankLine = "\r\n";  // some clients leave it out

// Clients of 2021 send a header up to its first empty line instead, and wait for no word.
inline constexpr std::string_view kAccioHeader = "Content-Disposition:";

}  // namespace talk
