#include "common/posix/tty.h"

#include <sys/ioctl.h>

#include "common/posix/error.h"

namespace talk {

TtyMode::TtyMode(int fd, Controls controls) : fd_(fd), controls_(controls) {
  if (::tcgetattr(fd_, &before_) != 0) throw_errno("read the terminal's settings");
  take();
}

void TtyMode::take() {
  termios keys = before_;
  keys.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO | IEXTEN);
  keys.c_iflag &= ~static_cast<tcflag_t>(ICRNL | INLCR | IXON);
  if (controls_ == Controls::keys) keys.c_lflag &= ~static_cast<tcflag_t>(ISIG);
  keys.c_cc[VMIN] = 1;
  keys.c_cc[VTIME] = 0;
  if (::tcsetattr(fd_, TCSADRAIN, &keys) != 0) throw_errno("change the terminal's settings");
  taken_ = true;
}

void TtyMode::give_back() {
  if (taken_) ::tcsetattr(fd_, TCSADRAIN, &before_);
  taken_ = false;
}

WindowSize window_size(int fd) {
  winsize size{};
  if (::ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0) return {};
  return {size.ws_col, size.ws_row};
}

}  // namespace talk
