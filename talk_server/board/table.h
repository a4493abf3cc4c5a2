// The sessions as a table that fits: columns that matter less are left out first. What visitors
// chose is made safe here. Pure.
#pragma once

#include <string>
#include <vector>

#include "talk_server/board/house.h"

namespace talk {

// "here", "away", "silent", "lost", "left", "frozen"
std::string state_word(const SessionRow& row);

// "7 s", "5 min", "2 h", "3 d"
std::string short_duration(seconds time);

// "3 alice", "3 10.0.0.7", "3": how a session is spoken of. Safe.
std::string session_title(const SessionRow& row);

struct Table {
  std::string header;
  std::vector<std::string> lines;  // one a session
};

// None of its lines is wider than `columns`. `blocks`: bars of block characters, else of ASCII.
Table lay_out_table(const std::vector<SessionRow>& rows, int columns, bool blocks);

}  // namespace talk
