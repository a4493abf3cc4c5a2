#include "common/posix/wait_set.h"

#include <algorithm>
#include <cerrno>

#include "common/posix/bug.h"
#include "common/posix/error.h"

namespace talk {

WaitSet::WaitSet() {
  FD_ZERO(&read_);
  FD_ZERO(&write_);
}

namespace {

// A pselect() that finds something ready leaves the signals that wait where they are (Linux does
// since 5.2): behind a descriptor that is always ready they would wait for ever.
void let_signals_in(const sigset_t& mask) {
  sigset_t before;
  ::pthread_sigmask(SIG_SETMASK, &mask, &before);
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

}  // namespace

void WaitSet::watch(int fd, fd_set& set) {
  check(fd >= 0 && fd < FD_SETSIZE, "a descriptor that select cannot watch");
  FD_SET(fd, &set);
  highest_ = std::max(highest_, fd);
}

void WaitSet::want_read(int fd) { watch(fd, read_); }

void WaitSet::want_write(int fd) { watch(fd, write_); }

void WaitSet::wake_by(Time deadline) {
  deadline_ = deadline_ ? std::min(*deadline_, deadline) : deadline;
}

void WaitSet::wake_by(std::optional<Time> deadline) {
  if (deadline) wake_by(*deadline);
}

void WaitSet::wait(const sigset_t& mask) {
  timespec timeout{};
  if (deadline_) {
    const auto left = std::max(*deadline_ - Clock::now(), Clock::duration::zero());
    const auto whole = std::chrono::duration_cast<seconds>(left);
    timeout.tv_sec = static_cast<time_t>(whole.count());
    timeout.tv_nsec = static_cast<long>(std::chrono::nanoseconds(left - whole).count());
  }
  const int ready =
      ::pselect(highest_ + 1, &read_, &write_, nullptr, deadline_ ? &timeout : nullptr, &mask);
  if (ready > 0) return let_signals_in(mask);
  const int error = ready < 0 ? errno : EINTR;
  FD_ZERO(&read_);  // after a failure the sets say nothing
  FD_ZERO(&write_);
  if (error != EINTR) throw_error(error, "wait for input");
}

}  // namespace talk
