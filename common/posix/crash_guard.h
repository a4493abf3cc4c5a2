// Gives the terminal back also where the program dies of a bug.
#pragma once

#include <termios.h>

#include <string_view>

namespace talk {

// From now on, should a signal that stands for a bug (SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL) end
// the process, `bytes` (at most 256) are written to `fd` and its settings become `settings` before
// it dies as it would have died anyway; of a stack that has grown too large, too, in the thread
// that called this.
void guard_terminal(int fd, const termios& settings, std::string_view bytes);

// The terminal has been given back: nothing is to be done for it any more.
void unguard_terminal();

}  // namespace talk
