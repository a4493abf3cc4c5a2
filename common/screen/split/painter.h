// Puts rows on the terminal: of a whole screen it sends only the rows that have changed.
#pragma once

#include <string>
#include <vector>

#include "common/screen/split/rows.h"
#include "common/screen/split/terminfo.h"
#include "common/screen/tty_link.h"

namespace talk {

// All that the terminal is to show.
struct Page {
  std::vector<Row> rows;  // as many as the terminal has
  int cursor_row = 0;
  int cursor_column = 0;
  std::string title = {};  // of the window; safe
};

class Painter {
 public:
  // Borrows both.
  Painter(const Terminfo& terminal, TtyLink& tty) : terminal_(terminal), tty_(tty) {}

  void paint(Page page);
  void ring() { tty_.put(terminal_.bell()); }

  // What the terminal shows is not known (any more).
  void forget() { shown_.clear(); }
  void forget_title() { title_.clear(); }

 private:
  void paint_row(int row, const Row& content);

  const Terminfo& terminal_;
  TtyLink& tty_;
  std::vector<Row> shown_;  // empty: unknown
  std::string title_;
};

}  // namespace talk
