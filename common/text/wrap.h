// Breaks a line of safe text into rows.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace talk {

// Rows of at most `columns` (1 or more): broken between words where that is possible, else between
// characters; a character wider than the row stands in a row of its own. Views into `text`; the
// blank at a break is in no row. An empty text is one empty row.
std::vector<std::string_view> wrap(std::string_view text, int columns);

}  // namespace talk
