// The terminal is given back by a process that dies of a bug.
#include "common/posix/crash_guard.h"

#include <gtest/gtest.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

#include "common/posix/owned_fd.h"

namespace talk {
namespace {

struct Terminal {
  Terminal() {
    int ends[2];
    if (::openpty(&ends[0], &ends[1], nullptr, nullptr, nullptr) != 0) std::abort();
    outer.reset(ends[0]);
    inner.reset(ends[1]);
    ::tcgetattr(inner.get(), &before);
  }
  OwnedFd outer, inner;
  termios before{};
};

// What comes out of the terminal whose guarded program does `harm`, and the signal it dies by.
struct Death {
  std::string written;
  int signal;
  bool settings_are_back;
};

template <typename Harm>
Death die_of(Harm harm) {
  Terminal terminal;
  const pid_t child = ::fork();
  if (child == 0) {
    termios keys = terminal.before;
    keys.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
    ::tcsetattr(terminal.inner.get(), TCSANOW, &keys);
    guard_terminal(terminal.inner.get(), terminal.before, "back");
    harm();
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  std::array<char, 100> bytes;
  termios after{};
  ::tcgetattr(terminal.inner.get(), &after);
  terminal.inner.reset();
  const ssize_t count = ::read(terminal.outer.get(), bytes.data(), bytes.size());
  return {std::string(bytes.data(), static_cast<std::size_t>(std::max<ssize_t>(count, 0))),
          WIFSIGNALED(status) ? WTERMSIG(status) : 0, after.c_lflag == terminal.before.c_lflag};
}

// Every call takes a page, until there is none left.
int fall(int depth) {
  volatile char page[4096];
  page[0] = static_cast<char>(depth);
  return depth > 0 ? fall(depth + 1) + page[0] : 0;
}

// A handler that runs on the stack which has just overflowed is never run: the process dies at
// once, and leaves a terminal without echo in the other screen.
TEST(CrashGuard, GivesTheTerminalBackWhereTheStackHasNoRoomLeft) {
  const Death death = die_of([] { ::_exit(fall(1)); });
  EXPECT_EQ(death.signal, SIGSEGV);
  EXPECT_EQ(death.written, "back");
  EXPECT_TRUE(death.settings_are_back);
}

TEST(CrashGuard, GivesTheTerminalBackAtAnAbort) {
  const Death death = die_of([] { std::abort(); });
  EXPECT_EQ(death.signal, SIGABRT);
  EXPECT_EQ(death.written, "back");
  EXPECT_TRUE(death.settings_are_back);
}

TEST(CrashGuard, LeavesTheTerminalAloneOnceItIsGivenBack) {
  const Death death = die_of([] {
    unguard_terminal();
    std::abort();
  });
  EXPECT_EQ(death.signal, SIGABRT);
  EXPECT_EQ(death.written, "");
  EXPECT_FALSE(death.settings_are_back);
}

}  // namespace
}  // namespace talk
