// What is left of a talk that has ended: a window to be read, or the keys that were meant for it.
#include <algorithm>

#include "common/session/session_loop.h"

namespace talk {
namespace {

constexpr seconds kMeantForTheTalk{2};  // a key that came so shortly before its end

}  // namespace

// What a stop of the server must not take away.
bool SessionLoop::stays_after_stop() const {
  const Attention attention = screen_.attention();
  return attention.unread > 0 || attention.half_typed;
}

// The first stop only tells a window with something to be read that it came.
bool SessionLoop::told_to_close() {
  for (const int signal : {SIGHUP, SIGINT, SIGQUIT})
    if (signals_.take(signal)) return true;
  if (!signals_.take(SIGTERM)) return false;
  if (ended_by_ || !stays_after_stop()) return true;
  ended_by_ = SIGTERM;
  screen_.show({Entry::Kind::info,
                {},
                "the server was stopped; this window stays to be read",
                std::chrono::system_clock::now()});
  return false;
}

void SessionLoop::await_quiet_keys() {
  if (ended_by_ || conversation_.ended_by_us()) return;
  const Attention before = screen_.attention();
  screen_.talk_ended();
  if (!before.half_typed && Clock::now() >= before.typed_at + kMeantForTheTalk) return;
  while (screen_.attention().typing_on) {
    WaitSet wait;
    screen_.prepare(wait, true);
    wait.wait(signals_.wait_mask());
    if (take_signals(Clock::now())) return;
    std::vector<Input> vain;
    screen_.turn(wait, Clock::now(), vain);
  }
}

void SessionLoop::linger(seconds longest) {
  if (longest == seconds(0)) return;
  if (ended_by_ && (*ended_by_ != SIGTERM || !stays_after_stop())) return;
  screen_.talk_ended();
  const Time ended_at = Clock::now();
  while (!told_to_close()) {  // first of all: it may have come while the last words went out
    const Attention attention = screen_.attention();
    const Time end_by = std::max(ended_at, attention.looked_at) + longest;
    if (attention.unread == 0 && Clock::now() >= end_by) return;
    if (signals_.take(SIGWINCH)) screen_.resized();
    WaitSet wait;
    screen_.prepare(wait, true);
    if (attention.unread == 0) wait.wake_by(end_by);
    wait.wait(signals_.wait_mask());
    std::vector<Input> inputs;
    screen_.turn(wait, Clock::now(), inputs);
    for (const Input& input : inputs)
      if (input.kind == Input::Kind::end || input.kind == Input::Kind::quit) return;
  }
}

}  // namespace talk
