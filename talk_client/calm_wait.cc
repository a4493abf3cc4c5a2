#include "talk_client/calm_wait.h"

namespace talk {

void calm_wait(WaitSet& wait, Signals& signals) {
  wait.wait(signals.wait_mask());
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT})
    if (signals.take(signal)) Signals::die_by(signal);
  if (signals.take(SIGTSTP)) Signals::stop_by(SIGTSTP);
}

void calm_pause(milliseconds duration, Signals& signals) {
  const Time end = Clock::now() + duration;
  while (Clock::now() < end) {
    WaitSet wait;
    wait.wake_by(end);
    calm_wait(wait, signals);
  }
}

}  // namespace talk
