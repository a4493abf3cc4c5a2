#include "common/posix/tty.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <array>

#include "common/posix/error.h"

namespace talk {

TtyMode::TtyMode(int fd, Controls controls) : fd_(fd), controls_(controls) {
  if (::tcgetattr(fd_, &before_) != 0) throw_errno("read the terminal's settings");
  take();
}

void TtyMode::take() {
  if (taken_) return;
  termios keys = before_;
  keys.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO | IEXTEN);
  keys.c_iflag &= ~static_cast<tcflag_t>(ICRNL | INLCR | IXON);
  if (controls_ == Controls::keys) keys.c_lflag &= ~static_cast<tcflag_t>(ISIG);
  keys.c_cc[VMIN] = 1;
  keys.c_cc[VTIME] = 0;
  if (::tcsetattr(fd_, TCSADRAIN, &keys) != 0) throw_errno("change the terminal's settings");
  taken_ = true;
}

void TtyMode::give_back(Typed typed) {
  if (taken_) ::tcsetattr(fd_, typed == Typed::stays ? TCSADRAIN : TCSAFLUSH, &before_);
  taken_ = false;
}

WindowSize window_size(int fd) {
  winsize size{};
  if (::ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0) return {};
  return {size.ws_col, size.ws_row};
}

OwnedFd open_terminal_output(int fd) {
  std::array<char, 256> name{};
  if (::ttyname_r(fd, name.data(), name.size()) == 0) {
    const int own = ::open(name.data(), O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (own >= 0) return OwnedFd(own);
  }
  return OwnedFd(::fcntl(fd, F_DUPFD_CLOEXEC, 0));
}

}  // namespace talk
