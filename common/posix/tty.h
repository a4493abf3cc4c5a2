// The terminal's line discipline: keys one by one, and given back as it was.
#pragma once

#include <termios.h>

#include "common/posix/owned_fd.h"

namespace talk {

class TtyMode {
 public:
  // Whether ^C, ^Z and ^\ stay signals or come as keys.
  enum class Controls { signals, keys };

  // Takes keys as they are typed, without echo, from now on. Throws std::system_error where `fd`
  // is no terminal.
  TtyMode(int fd, Controls controls);
  ~TtyMode() { give_back(); }
  TtyMode(const TtyMode&) = delete;
  TtyMode& operator=(const TtyMode&) = delete;

  void take();
  // What was typed and not read yet goes to whoever reads the terminal next, or to nobody.
  enum class Typed { stays, is_dropped };
  void give_back(Typed typed = Typed::stays);
  const termios& before() const { return before_; }

 private:
  int fd_;
  Controls controls_;
  bool taken_ = false;
  termios before_{};
};

struct WindowSize {
  int columns = 80;
  int rows = 24;
};

// 80 by 24 where the terminal does not say.
WindowSize window_size(int fd);

// A descriptor of our own for the terminal `fd`, that never waits: a write to a terminal that has
// room for less than it was given, because somebody holds it still, would wait for ever. The mode
// of `fd` itself is shared with the shell and stays. Where the terminal cannot be opened anew this
// is `fd` once more, and waits.
OwnedFd open_terminal_output(int fd);

}  // namespace talk
