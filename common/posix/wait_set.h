// The wait of every session, listener and board: pselect() over descriptors, a deadline and
// signals. Interest is stated afresh each turn: construct, want_…, wait, ask.
#pragma once

#include <signal.h>
#include <sys/select.h>

#include <optional>

#include "common/posix/clock.h"

namespace talk {

class WaitSet {
 public:
  WaitSet();

  // `fd` is one that select() can watch: not negative, below FD_SETSIZE.
  void want_read(int fd);
  void want_write(int fd);

  // Wake at `deadline` at the latest; the earliest of several counts.
  void wake_by(Time deadline);
  void wake_by(std::optional<Time> deadline);

  // Waits with `mask` as the signal mask; signals that it lets in have arrived when this returns,
  // also where something was ready at once. After the deadline nothing is ready.
  // Throws std::system_error if the call itself fails.
  void wait(const sigset_t& mask);

  bool can_read(int fd) const { return FD_ISSET(fd, &read_) != 0; }
  bool can_write(int fd) const { return FD_ISSET(fd, &write_) != 0; }

 private:
  void watch(int fd, fd_set& set);

  fd_set read_;
  fd_set write_;
  int highest_ = -1;
  std::optional<Time> deadline_;
};

}  // namespace talk
