#include "tests/support/paper.h"

#include <algorithm>

#include "common/text/utf8.h"

namespace talk::test {

Paper::Paper(std::string_view output, std::size_t columns) {
  std::vector<std::vector<std::string>> cells(1);
  std::size_t column = 0;
  while (!output.empty()) {
    const Decoded character = decode_utf8(output);
    const std::string bytes(output.substr(0, character.size));
    output.remove_prefix(character.size);
    if (character.code == '\r') {
      column = 0;
    } else if (character.code == '\n') {
      cells.emplace_back();
    } else if (character.code < 0x20 || (character.code >= 0x7f && character.code < 0xa0)) {
      complaints_ += std::to_string(character.code) + " ";
    } else {
      if (column == columns) {
        cells.emplace_back();
        column = 0;
      }
      if (cells.back().size() <= column) cells.back().resize(column + 1, " ");
      cells.back()[column++] = bytes;
    }
  }
  for (const auto& row : cells) {
    std::string text;
    for (const std::string& cell : row) text += cell;
    rows_.push_back(text.substr(0, text.find_last_not_of(' ') + 1));
  }
}

int Paper::count(std::string_view part) const {
  return static_cast<int>(std::count_if(rows_.begin(), rows_.end(), [&](const std::string& row) {
    return row.find(part) != std::string::npos;
  }));
}

}  // namespace talk::test
