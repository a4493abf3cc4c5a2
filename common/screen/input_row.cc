#include "common/screen/input_row.h"

#include <algorithm>

#include "common/text/display.h"
#include "common/text/width.h"

namespace talk {
namespace {

// The end of `text` that has at most `columns`.
std::string_view tail_of(std::string_view text, int columns) {
  for (int excess = text_width(text) - columns; excess > 0;) {
    const Cluster cluster = first_cluster(text);
    text.remove_prefix(cluster.size);
    excess -= cluster.width;
  }
  return text;
}

// What both begin with, in whole characters, bytes.
std::size_t common_beginning(std::string_view one, std::string_view other) {
  std::size_t same = 0;
  while (same < one.size() && same < other.size()) {
    const Cluster cluster = first_cluster(one.substr(same));
    if (one.substr(same, cluster.size) !=
        other.substr(same, first_cluster(other.substr(same)).size))
      break;
    same += cluster.size;
  }
  return same;
}

std::string repeated(std::string_view what, int times) {
  std::string text;
  for (int i = 0; i < times; ++i) text += what;
  return text;
}

}  // namespace

// The prompt, and as much of the line around the cursor as fits.
std::string RepaintedRow::draw(const std::string& prompt, const LineEditor* line, int columns) {
  const std::string erased = make_way();
  const int width = std::max(4, columns - 1);
  if (line == nullptr) {
    const std::string row(fit_width(prompt, width));
    drawn_ = text_width(row);
    return erased + row;
  }
  const std::string row(fit_width(prompt, width / 2 + width / 4));
  const int room = std::max(2, width - text_width(row));
  const std::string_view text = line->text();
  std::string left = display_text(text.substr(0, line->cursor()));
  const int cursor_room = std::max(1, room - 1);
  if (text_width(left) > cursor_room)  // scrolled, by halves
    left = "<" + std::string(tail_of(left, cursor_room / 2 + 1));
  const std::string rest = display_text(text.substr(line->cursor()));
  const std::string right(fit_width(rest, std::max(0, room - text_width(left))));
  drawn_ = text_width(row) + text_width(left) + text_width(right);
  return erased + row + left + right + (right.empty() ? "" : "\r" + row + left);
}

std::string RepaintedRow::make_way() {
  if (drawn_ == 0) return "";
  const std::string blanks(static_cast<std::size_t>(drawn_), ' ');
  drawn_ = 0;
  return "\r" + blanks + "\r";
}

std::string WrittenRow::draw(const std::string&, const LineEditor* line, int columns) {
  const std::string wanted = line == nullptr ? "" : display_text(line->text());
  const std::size_t same = common_beginning(written_, wanted);
  const int back = text_width(std::string_view(written_).substr(same));
  // A backspace does not reach beyond the beginning of a row of the terminal.
  const bool reached = text_width(written_) < columns;
  std::string bytes;
  if (back > 0 && !reached)
    bytes = make_way() + wanted;
  else
    bytes = repeated("\b \b", back) + wanted.substr(same);
  written_ = wanted;
  return bytes;
}

std::string WrittenRow::make_way() {
  if (written_.empty()) return "";
  written_.clear();
  return "\n";
}

}  // namespace talk
