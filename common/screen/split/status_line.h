// The line between the talk and the line being typed: who, how long, what is on its way. Pure.
#pragma once

#include <cstdint>
#include <string>

#include "common/screen/screen.h"

namespace talk {

struct StatusExtras {
  std::uint64_t new_below = 0;    // lines, while one reads back
  std::string hint;               // what the screen itself has to say now; goes before everything
  std::string how_to_close = {};  // an ended talk, whose window a key closes by now
};

// Exactly `columns` wide; what does not fit is left out, the least important first.
std::string status_line(const Status& status, const StatusExtras& extras, Time now, int columns);

}  // namespace talk
