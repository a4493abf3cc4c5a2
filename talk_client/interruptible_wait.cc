#include "talk_client/interruptible_wait.h"

namespace talk {

void interruptible_wait(WaitSet& wait, Signals& signals) {
  wait.wait(signals.wait_mask());
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT})
    if (signals.take(signal)) throw Interrupted{signal};
  if (signals.take(SIGTSTP)) Signals::stop_by(SIGTSTP);
}

void interruptible_pause(milliseconds duration, Signals& signals) {
  const Time end = Clock::now() + duration;
  while (Clock::now() < end) {
    WaitSet wait;
    wait.wake_by(end);
    interruptible_wait(wait, signals);
  }
}

SignalsActAtOnce::SignalsActAtOnce() {
  struct sigaction action {};
  sigemptyset(&action.sa_mask);
  action.sa_handler = SIG_DFL;
  sigset_t let_in;
  sigemptyset(&let_in);
  for (std::size_t i = 0; i < kEndings.size(); ++i) {
    ::sigaction(kEndings[i], &action, &before_[i]);
    sigaddset(&let_in, kEndings[i]);
  }
  ::sigprocmask(SIG_UNBLOCK, &let_in, &mask_before_);
}

SignalsActAtOnce::~SignalsActAtOnce() {
  ::sigprocmask(SIG_SETMASK, &mask_before_, nullptr);
  for (std::size_t i = 0; i < kEndings.size(); ++i) ::sigaction(kEndings[i], &before_[i], nullptr);
}

}  // namespace talk
