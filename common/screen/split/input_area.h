// The line being typed as rows of the screen: wrapped, with the cursor's place. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace talk {

struct InputArea {
  std::vector<std::string> rows;  // safe, the prompt in the first one
  int cursor_row = 0;
  int cursor_column = 0;
};

// At most `most_rows` (1 or more) rows of `columns` are shown, those around the cursor. A line feed
// in the text ends a row.
InputArea lay_out_input(std::string_view prompt, std::string_view text, std::size_t cursor,
                        int columns, int most_rows);

}  // namespace talk
