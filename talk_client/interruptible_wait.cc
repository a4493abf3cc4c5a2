#include "talk_client/interruptible_wait.h"

namespace talk {

void interruptible_wait(WaitSet& wait, Signals& signals) {
  wait.wait(signals.wait_mask());
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT})
    if (signals.take(signal)) Signals::die_by(signal);
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

}  // namespace talk
