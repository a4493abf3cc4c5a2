// Gives the terminal back also where the program dies of a bug.
#pragma once

#include <termios.h>

#include <string>

namespace talk {

// From now on, should a signal that stands for a bug (SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL) end
// the process, `bytes` (at most 256) are written to `fd` and its settings become `settings` before
// it dies as it would have died anyway. Disarmed by an empty `bytes`.
void guard_terminal(int fd, const termios& settings, const std::string& bytes);

}  // namespace talk
