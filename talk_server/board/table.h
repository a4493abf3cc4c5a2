// The sessions as a table that fits: columns that matter less are left out first. What visitors
// chose is made safe here. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "talk_server/board/house.h"

namespace talk {

// What is known of a session, each state with its word in the table of table.cc.
enum class SessionState {
  here,
  away,    // nothing has come for some minutes
  silent,  // nor does the link answer now
  lost,    // the link is gone
  left,    // the talk has ended, and its window stays
  frozen,  // the session does not answer
};
SessionState state_of(const SessionRow& row);
std::string word_of(SessionState state);

// "7 s", "5 min", "2 h", "3 d"
std::string short_duration(seconds time);

// "3 alice", "3 10.0.0.7", "3": how a session is spoken of. Safe.
std::string session_title(const SessionRow& row);

// As much as fits, behind which a sign says where something was left out.
std::string shortened(std::string_view text, int width, bool blocks);

// As far as the rate tells, which is not 0.
seconds time_left(const TransferReport& transfer);

// In a line what the table may have no room for: the whole name, the address, how fast a file goes
// and how long it will take. Safe.
std::string session_details(const SessionRow& row, int columns, bool blocks);

struct Table {
  std::string header;
  std::vector<std::string> lines;  // one a session
};

// None of its lines is wider than `columns`. `blocks`: bars of block characters, else of ASCII.
Table lay_out_table(const std::vector<SessionRow>& rows, int columns, bool blocks);

}  // namespace talk
