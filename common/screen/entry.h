// How an entry of the talk is written as a line; the same on every screen that shows lines.
#pragma once

#include <string>

#include "common/screen/screen.h"

namespace talk {

// "09:30 <alice> " or "09:30 -- ": nothing that a peer says can stand before it, so a peer cannot
// imitate the program.
std::string line_prefix(const Entry& entry);

// The entry's words, safe to be shown.
std::string line_text(const Entry& entry);

// What is to be known at a glance while one types, or nothing: a silent peer, transfers.
std::string brief_status(const Status& status);

// "09:30", local time
std::string clock_time(std::chrono::system_clock::time_point when);

}  // namespace talk
