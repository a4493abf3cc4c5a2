#include "common/session/ending.h"

#include "common/session/outcome.h"

namespace talk {

int TalkEnding::exit_code(Why why) {
  switch (why) {
    case Why::done:
    case Why::left:
    case Why::bye:
    case Why::peer_closed:
    case Why::visitor_left:
    case Why::visitor_quiet:
    case Why::visitor_gone:
      return Outcome::kFine;
    case Why::refused:
      return Outcome::kRefused;
    case Why::closed_unheard:
    case Why::link_lost:
    case Why::link_torn:
    case Why::link_failed:
    case Why::peer_silent:
      return Outcome::kLost;
    case Why::protocol_broken:
      break;
  }
  return Outcome::kFailed;
}

bool TalkEnding::bye_said() const {
  return speech_ == Speech::frames && (ours_ == Ours::closing || ours_ == Ours::closed);
}

TalkEnding::Actions TalkEnding::end(Why why) {
  over_ = true;
  return {.over = why};
}

TalkEnding::Actions TalkEnding::say_bye(Time now) {
  ours_ = Ours::closing;
  deadline_ = now + (setting_.piped ? kPipeFarewell : kFarewell);
  return {.say_bye = true};
}

// ---- The person ----

void TalkEnding::typed(Time now) {
  if (theirs_ == Theirs::ended && deadline_) deadline_ = now + kLinePeerGrace;
}

void TalkEnding::input_ended() {
  if (ours_ == Ours::speaking) ours_ = Ours::finishing;
}

TalkEnding::Actions TalkEnding::bye_typed(bool words_wait, Time now) {
  if (over_ || ours_ != Ours::speaking) return {};
  if (speech_ == Speech::frames) return say_bye(now);
  if (!words_wait) return end(Why::done);
  input_ended();
  return {};
}

TalkEnding::Actions TalkEnding::leave(bool with_reason) {
  if (over_) return {};
  Actions actions = end(Why::left);
  if (speech_ == Speech::frames)
    actions.say_bye = !bye_said();
  else
    actions.say_why = with_reason;
  return actions;
}

// ---- The peer ----

void TalkEnding::heard(Time now) {
  if (speech_ == Speech::lines && ours_ == Ours::closed) deadline_ = now + kLinePeerGrace;
}

TalkEnding::Actions TalkEnding::peer_bye() {
  if (over_) return {};
  Actions actions = end(bye_said() ? Why::done : Why::bye);
  actions.say_bye = !bye_said();
  return actions;
}

TalkEnding::Actions TalkEnding::peer_ended(PeerEnd how, Time now) {
  if (over_) return {};
  theirs_ = Theirs::ended;
  if (speech_ == Speech::frames) {
    if (bye_said()) return end(Why::done);
    return end(how == PeerEnd::torn ? Why::link_torn : Why::link_lost);
  }
  if (client()) {
    if (how == PeerEnd::after_refusal) return end(Why::refused);
    if (speech_ == Speech::undecided) return end(Why::closed_unheard);
    const bool may_say_more = setting_.piped && ours_ == Ours::speaking;
    return may_say_more ? Actions{} : end(Why::peer_closed);
  }
  if (!setting_.attended) return end(Why::visitor_left);
  deadline_ = now + kLinePeerGrace;
  return {.tell_deafness = true};
}

TalkEnding::Actions TalkEnding::link_failed() {
  if (over_) return {};
  if (bye_said()) return end(Why::done);
  return end(theirs_ == Theirs::ended && !client() ? Why::visitor_gone : Why::link_failed);
}

TalkEnding::Actions TalkEnding::peer_silent() {
  if (over_ || speech_ != Speech::frames) return {};
  return end(Why::peer_silent);
}

TalkEnding::Actions TalkEnding::protocol_broken() {
  if (over_) return {};
  Actions actions = end(Why::protocol_broken);
  actions.say_bye = speech_ == Speech::frames && !bye_said();
  return actions;
}

// ---- This side's work and time ----

TalkEnding::Actions TalkEnding::files_done(Time now) {
  const bool due = !over_ && speech_ == Speech::frames && ours_ == Ours::finishing;
  return due ? say_bye(now) : Actions{};
}

TalkEnding::Actions TalkEnding::drained(Time now) {
  const bool lines_done = speech_ == Speech::lines && ours_ == Ours::finishing;
  if (over_ || (ours_ != Ours::closing && !lines_done)) return {};
  ours_ = Ours::closed;
  if (!lines_done) return {.half_close = true};
  if (theirs_ == Theirs::ended) return {.half_close = true, .over = end(Why::done).over};
  deadline_ = now + kLinePeerGrace;
  return {.half_close = true};
}

TalkEnding::Actions TalkEnding::tick(Time now) {
  if (over_ || !deadline_ || now < *deadline_) return {};
  return end(theirs_ == Theirs::ended && !client() ? Why::visitor_quiet : Why::done);
}

}  // namespace talk
