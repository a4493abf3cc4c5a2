#include "common/session/link_watch.h"

namespace talk {

// Both clocks count: probes of a closed window come minutes apart, so that the last answer may be
// old where the question is new; and a lossy link always owes one, and answers all the same.
LinkWatch::Verdict LinkWatch::look(const std::optional<TcpSigns>& signs, Time now) {
  if (!signs || !signs->unanswered) {
    unanswered_since_.reset();
    return signs && signs->window_closed ? Verdict::not_reading : Verdict::nothing_to_say;
  }
  if (!unanswered_since_) unanswered_since_ = now;
  const bool dead = now - *unanswered_since_ >= patience_ && signs->last_answer >= patience_;
  return dead ? Verdict::dead : Verdict::nothing_to_say;
}

}  // namespace talk
