#include "common/posix/output_queue.h"

#include <fcntl.h>
#include <signal.h>

#include <cerrno>

#include "common/posix/bug.h"
#include "common/posix/io.h"
#include "common/posix/tty.h"

namespace talk {

OutputQueue::OutputQueue(int fd, std::size_t maximum)
    : fd_(open_terminal_output(fd)),
      never_waits_(fd_ && (::fcntl(fd_.get(), F_GETFL) & O_NONBLOCK) != 0),
      bytes_(maximum),
      error_(fd_ ? 0 : EBADF) {}

void OutputQueue::put(std::string_view bytes) {
  if (error_ == 0) check(bytes_.append(bytes), "more output than a screen may queue");
}

void OutputQueue::prepare(WaitSet& wait) const {
  if (!empty()) wait.want_write(fd_.get());
}

void OutputQueue::turn(const WaitSet& wait) {
  if (!empty() && (never_waits_ || wait.can_write(fd_.get()))) write();
}

void OutputQueue::flush(Time deadline) {
  sigset_t mask;
  ::sigprocmask(SIG_SETMASK, nullptr, &mask);
  while (!empty()) {
    WaitSet wait;
    prepare(wait);
    wait.wake_by(deadline);
    wait.wait(mask);
    if (wait.can_write(fd_.get()))
      write();
    else if (Clock::now() >= deadline)
      return;
  }
}

void OutputQueue::write() {
  const IoResult result = write_some(fd_.get(), bytes_.view());
  if (result.failed()) error_ = result.error;
  bytes_.consume(result.failed() ? bytes_.size() : result.count);
}

}  // namespace talk
