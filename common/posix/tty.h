// The terminal's line discipline: keys one by one, and given back as it was.
#pragma once

#include <termios.h>

namespace talk {

class TtyMode {
 public:
  // Takes keys as they are typed, without echo, from now on; ^C, ^Z and ^\ stay signals. Throws
  // std::system_error where `fd` is no terminal.
  explicit TtyMode(int fd);
  ~TtyMode() { give_back(); }
  TtyMode(const TtyMode&) = delete;
  TtyMode& operator=(const TtyMode&) = delete;

  void take();
  void give_back();

 private:
  int fd_;
  bool taken_ = false;
  termios before_{};
};

struct WindowSize {
  int columns = 80;
  int rows = 24;
};

// 80 by 24 where the terminal does not say.
WindowSize window_size(int fd);

}  // namespace talk
