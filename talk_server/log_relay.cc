#include "talk_server/log_relay.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <exception>
#include <string_view>

#include "common/posix/close_others.h"
#include "common/posix/error.h"
#include "common/posix/io.h"
#include "talk_server/inherited.h"

namespace talk {
namespace {

bool can_be_harmed(int log) {
  struct stat status {};
  if (::fstat(log, &status) != 0) return false;
  return S_ISREG(status.st_mode) || S_ISSOCK(status.st_mode) || ::isatty(log) == 1;
}

// All that a pipe holds at once, so that no line is torn. What cannot be written is lost: the
// sessions do not wait for it.
[[noreturn]] void relay(int from) {
  std::array<char, std::size_t{64} << 10> bytes;
  while (true) {
    const ssize_t count = ::read(from, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) ::_exit(0);
    try {
      write_all(STDERR_FILENO, {bytes.data(), static_cast<std::size_t>(count)}, "write the log");
    } catch (const std::exception&) {
    }
  }
}

[[noreturn]] void be_relay(int from, Confine how) {
  // It ends with the last session, whatever the listener is told.
  for (const int signal : {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGTTOU, SIGPIPE})
    ::signal(signal, SIG_IGN);
  try {
    leave_standard_streams();
    close_others(from);
    confine(Rights{}, how);
  } catch (const std::exception&) {
    // Required, and not to be had: sessions will not start either.
  }
  relay(from);
}

}  // namespace

OwnedFd start_log_relay(Confine how) {
  if (!can_be_harmed(STDERR_FILENO)) return OwnedFd();
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw_errno("make a pipe for the log");
  const OwnedFd theirs(ends[0]);
  OwnedFd ours(ends[1]);
  const pid_t pid = ::fork();
  if (pid < 0) throw_errno("start the process that writes the log");
  if (pid == 0) be_relay(theirs.get(), how);
  return ours;
}

}  // namespace talk
