// Moments as text, in UTC.
#pragma once

#include <chrono>
#include <string>

namespace talk {

// `format` as strftime() has it.
std::string utc_text(std::chrono::system_clock::time_point time, const char* format);

// "2026-11-21T09:30:00Z"
inline std::string rfc3339(std::chrono::system_clock::time_point time) {
  return utc_text(time, "%Y-%m-%dT%H:%M:%SZ");
}

}  // namespace talk
