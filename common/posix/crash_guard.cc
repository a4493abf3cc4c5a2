#include "common/posix/crash_guard.h"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>

namespace talk {
namespace {

// A signal handler can be handed nothing: what it needs stands here. It may run between any two
// instructions, so `armed` is set behind all the others and cleared before them; the fences keep
// the compiler from moving a write across.
struct Guarded {
  volatile sig_atomic_t armed = 0;
  int fd = -1;
  termios settings{};
  std::size_t size = 0;
  std::array<char, 256> bytes{};
};
Guarded guarded;

// A handler needs a stack of its own where the program died because it had none left. What the
// kernel saves of a processor's registers takes up to 11 KiB of it.
alignas(16) std::array<char, std::size_t{64} << 10> spare_stack;

void give_back_and_die(int signal) {
  if (guarded.armed != 0) {
    std::atomic_signal_fence(std::memory_order_acquire);
    [[maybe_unused]] const ssize_t ignored =
        ::write(guarded.fd, guarded.bytes.data(), guarded.size);
    ::tcsetattr(guarded.fd, TCSANOW, &guarded.settings);
  }
  ::raise(signal);  // its disposition is the default again
}

}  // namespace

void guard_terminal(int fd, const termios& settings, std::string_view bytes) {
  unguard_terminal();
  guarded.fd = fd;
  guarded.settings = settings;
  guarded.size = std::min(bytes.size(), guarded.bytes.size());
  std::copy_n(bytes.begin(), guarded.size, guarded.bytes.begin());
  std::atomic_signal_fence(std::memory_order_release);
  guarded.armed = 1;
  stack_t spare{};
  spare.ss_sp = spare_stack.data();
  spare.ss_size = spare_stack.size();
  ::sigaltstack(&spare, nullptr);
  struct sigaction action {};
  sigemptyset(&action.sa_mask);
  action.sa_flags = static_cast<int>(SA_RESETHAND | SA_NODEFER | SA_ONSTACK);
  action.sa_handler = give_back_and_die;
  for (const int signal : {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL})
    ::sigaction(signal, &action, nullptr);
}

void unguard_terminal() {
  guarded.armed = 0;
  std::atomic_signal_fence(std::memory_order_release);
}

}  // namespace talk
