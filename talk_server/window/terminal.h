// How a session gets its window: which program is started around the handler.
#pragma once

#include <string>
#include <vector>

#include "common/posix/clock.h"

namespace talk {

struct Terminal {
  // An absolute path, looked up once: a visitor's window costs no search of PATH.
  std::string program;
  // What stands before HANDLER FD on the command line, the program's name first; empty: no window.
  std::vector<std::string> command;
  // It is known to fail only where there is no window, and to have a child process once there is
  // one. (Of a window that the connection is handed over to, talk_window knows as much itself.)
  bool known = false;
  bool window() const { return !command.empty(); }
};

// How long a terminal that lives may take to show its window: where a person places windows by
// hand, or the machine is busy.
inline constexpr seconds kWindowPatience{30};

// In a command: a word that stands for those which start a program in the window, and what stands
// within a word for the window's name.
inline constexpr const char* kStartSign = "{}";
inline constexpr const char* kNameSign = "{name}";

// `command` with that program and name filled in.
std::vector<std::string> filled_in(const std::vector<std::string>& command,
                                   const std::vector<std::string>& program,
                                   const std::string& name);

// The words that run a program of ours, to which no visitor is handed, in such a window.
std::vector<std::string> command_in_window(const Terminal& terminal,
                                           const std::vector<std::string>& program,
                                           const std::string& name);

// The words of --terminal. Throws UsageError where they are none.
std::vector<std::string> terminal_words(const std::string& option);

// `words`: auto or none, the name of a terminal that is known, or the words of a command;
// `wants_window` says what `auto` is to mean for this handler, and `window_program` is the path
// of talk_window. The program is looked up in PATH and the X display is called where it
// needs one, so that what cannot work is said before anybody is served. Throws std::runtime_error.
Terminal choose_terminal(const std::vector<std::string>& words, bool wants_window,
                         const std::string& window_program);

}  // namespace talk
