// Waiting in which a signal that asks this program to end is thrown, so that on the way out
// everything begun is given back; the program then dies by that signal.
#pragma once

#include <signal.h>

#include <array>

#include "common/posix/clock.h"
#include "common/posix/signals.h"
#include "common/posix/wait_set.h"

namespace talk {

// No error of any kind: nothing but the program's end catches it.
struct Interrupted {
  int signal;
};

// Throw Interrupted; a ^Z stops the program in them.
void interruptible_wait(WaitSet& wait, Signals& signals);
void interruptible_pause(milliseconds duration, Signals& signals);

// While one exists the signals act as if they had never been caught: for calls that wait on their
// own (a host's name is looked up, a connection made) while nothing has begun that needs an ending.
class SignalsActAtOnce {
 public:
  SignalsActAtOnce();
  ~SignalsActAtOnce();
  SignalsActAtOnce(const SignalsActAtOnce&) = delete;
  SignalsActAtOnce& operator=(const SignalsActAtOnce&) = delete;

 private:
  static constexpr std::array kEndings = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP};
  std::array<struct sigaction, kEndings.size()> before_;
  sigset_t mask_before_;
};

}  // namespace talk
