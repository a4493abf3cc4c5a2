// How a session gets its window: which program is started around the handler.
#pragma once

#include <string>
#include <vector>

namespace talk {

struct Terminal {
  // An absolute path, looked up once: a visitor's window costs no search of PATH.
  std::string program;
  // What stands before HANDLER FD on the command line, the program's name first; empty: no window.
  std::vector<std::string> command;
  // Its program is ours or known to us: it fails only where there is no window, and has a child
  // process once there is one.
  bool known = false;
  // What stands before a program that no visitor is handed to, where that is something else.
  std::vector<std::string> board = {};
  bool window() const { return !command.empty(); }
};

// The words of --terminal. Throws UsageError where they are none.
std::vector<std::string> terminal_words(const std::string& option);

// `words`: auto, xterm, tmux or none, or those of a command. `wants_window` says what `auto` is to
// mean for this handler; `own_programs` is the directory where talk_tmux stands. The program is
// looked up in PATH and, for xterm, the X display is called, so that what cannot work is said
// before anybody is served. Throws std::runtime_error.
Terminal choose_terminal(const std::vector<std::string>& words, bool wants_window,
                         const std::string& own_programs);

}  // namespace talk
