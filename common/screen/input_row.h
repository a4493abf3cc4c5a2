// How the plain screen shows the line being typed, as bytes for the terminal: in one row that is
// painted anew whenever it changes, or, for whoever hears the screen or has it printed, written on
// and never painted again. Pure.
#pragma once

#include <string>

#include "common/text/line_editor.h"

namespace talk {

class InputRow {
 public:
  virtual ~InputRow() = default;

  // Shows `prompt` and, where there is one, as much of the line as `columns` have room for.
  virtual std::string draw(const std::string& prompt, const LineEditor* line, int columns) = 0;
  // Something else is shown now; the cursor is to stand at the beginning of a row.
  virtual std::string make_way() = 0;
};

// The row is erased by blanks and painted anew: needs nothing but carriage return.
class RepaintedRow : public InputRow {
 public:
  std::string draw(const std::string& prompt, const LineEditor* line, int columns) override;
  std::string make_way() override;

 private:
  int drawn_ = 0;  // columns that are painted; 0: none
};

// What is typed is written on; only what is taken back goes, by backspaces. It has no prompt, and
// shows the cursor at the end only. A line that something came between is written once more.
class WrittenRow : public InputRow {
 public:
  std::string draw(const std::string& prompt, const LineEditor* line, int columns) override;
  std::string make_way() override;

 private:
  std::string written_;  // in the row, safe
};

}  // namespace talk
