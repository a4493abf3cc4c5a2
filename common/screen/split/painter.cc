#include "common/screen/split/painter.h"

#include <utility>

#include "common/text/width.h"

namespace talk {

void Painter::paint(Page page) {
  if (shown_.size() != page.rows.size()) {
    shown_.clear();
    tty_.put(terminal_.clear());
  }
  for (std::size_t row = 0; row < page.rows.size(); ++row) {
    const bool unchanged =
        row < shown_.size() ? shown_[row] == page.rows[row] : page.rows[row].empty();
    if (!unchanged) paint_row(static_cast<int>(row), page.rows[row]);
  }
  tty_.put(terminal_.move(page.cursor_row, page.cursor_column));
  if (page.title != title_) tty_.put(terminal_.title(page.title));
  title_ = std::move(page.title);
  shown_ = std::move(page.rows);
}

// A row is emptied and painted whole whenever anything in it has changed, and the terminal does not
// wrap: where it disagrees about the width of a character, nothing of the old row is left and
// nothing runs into the next.
void Painter::paint_row(int row, const Row& content) {
  std::string bytes = terminal_.move(row, 0) + terminal_.erase_to_end();
  int left = tty_.size().columns;
  for (const Piece& piece : content) {
    const std::string_view text = fit_width(piece.text, left);
    left -= text_width(text);
    const std::string style = terminal_.style(piece.style, piece.hue);
    bytes += style;
    bytes += text;
    if (!style.empty()) bytes += terminal_.plain();
  }
  tty_.put(bytes);
}

}  // namespace talk
