// A terminal that can be looked at: a tmux server of the test's own, without a status line, so that
// a pane is exactly what a program painted. Gone with the test.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "tests/support/wait_until.h"

namespace talk::test {

class Pane {
 public:
  // Runs `command` (for the shell) in a pane of that size; TERM is tmux-256color unless
  // `environment` says otherwise. Throws std::runtime_error.
  Pane(int columns, int rows, const std::string& command,
       const std::map<std::string, std::string>& environment = {});
  ~Pane();
  Pane(const Pane&) = delete;
  Pane& operator=(const Pane&) = delete;

  // What TMUX holds in a pane: for a program that opens windows of its own here.
  std::string address() const;

  void type(const std::string& text);         // as it is
  void key(const std::string& names);         // as tmux names them, "C-a M-b Left"
  void send_bytes(const std::string& bytes);  // what a terminal sends; ASCII
  void paste(const std::string& text);        // bracketed where the program has asked for that
  void resize(int columns, int rows);
  // Looks at the window that was opened last, once there is more than the first.
  bool turn_to_new_window();

  // The rows of the current window, without blanks at their ends; `styled`: with escape sequences.
  std::vector<std::string> rows(bool styled = false) const;
  std::string text() const;  // the rows, each with a line feed
  // "#{cursor_x}", "#{pane_title}", …
  std::string value(const std::string& format) const;

  // True once the pane holds `part`.
  bool shows(const std::string& part, milliseconds patience = kPatience) const;
  // True once `row` (negative: from the bottom) is exactly `content`.
  bool row_is(int row, const std::string& content, milliseconds patience = kPatience) const;

 private:
  std::string run(std::vector<std::string> words) const;

  std::string socket_;
};

}  // namespace talk::test
