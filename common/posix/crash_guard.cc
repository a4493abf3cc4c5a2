#include "common/posix/crash_guard.h"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>

namespace talk {
namespace {

// A signal handler can be handed nothing: what it needs stands here.
struct Guarded {
  volatile sig_atomic_t size = 0;
  int fd = -1;
  termios settings{};
  std::array<char, 256> bytes{};
};
Guarded guarded;

void give_back_and_die(int signal) {
  if (guarded.size > 0) {
    const auto size = static_cast<std::size_t>(guarded.size);
    [[maybe_unused]] const ssize_t ignored = ::write(guarded.fd, guarded.bytes.data(), size);
    ::tcsetattr(guarded.fd, TCSANOW, &guarded.settings);
  }
  ::raise(signal);  // its disposition is the default again
}

}  // namespace

void guard_terminal(int fd, const termios& settings, const std::string& bytes) {
  guarded.size = 0;
  guarded.fd = fd;
  guarded.settings = settings;
  const std::size_t size = std::min(bytes.size(), guarded.bytes.size());
  std::copy_n(bytes.begin(), size, guarded.bytes.begin());
  guarded.size = static_cast<sig_atomic_t>(size);
  struct sigaction action {};
  sigemptyset(&action.sa_mask);
  action.sa_flags = SA_RESETHAND | SA_NODEFER;
  action.sa_handler = give_back_and_die;
  for (const int signal : {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL})
    ::sigaction(signal, &action, nullptr);
}

}  // namespace talk
