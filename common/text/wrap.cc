#include "common/text/wrap.h"

#include "common/text/width.h"

namespace talk {

std::vector<std::string_view> wrap(std::string_view text, int columns) {
  std::vector<std::string_view> rows;
  while (true) {
    std::string_view row = fit_width(text, columns);
    if (row.size() == text.size()) {
      rows.push_back(row);
      return rows;
    }
    if (row.empty()) row = text.substr(0, first_cluster(text).size);
    const std::size_t blank = text[row.size()] == ' ' ? row.size() : row.rfind(' ');
    const bool between_words = blank != std::string_view::npos && blank != 0;
    rows.push_back(between_words ? row.substr(0, blank) : row);
    text.remove_prefix(between_words ? blank + 1 : row.size());
    if (text.empty()) return rows;
  }
}

}  // namespace talk
