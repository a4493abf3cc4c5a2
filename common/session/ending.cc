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
    case Why::unheard:
    case Why::gave_up:
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

// A cut behind a bye is the end, and so is one that nobody wants to wait for.
TalkEnding::Actions TalkEnding::lose(Why why, Time now) {
  if (over_) return {};
  if (theirs_ == Theirs::lost) return {.lost = true};
  if (bye_said()) return end(Why::done);
  if (speech_ == Speech::lines || patience_ == seconds(0) || leaves_files_) return end(why);
  theirs_ = Theirs::lost;
  lost_by_ = why;
  if (!give_up_) give_up_ = now + patience_;
  deadline_ = give_up_;
  return {.lost = true};
}

void TalkEnding::called_again() {
  if (theirs_ != Theirs::lost) return;
  theirs_ = Theirs::speaking;
  deadline_.reset();
}

void TalkEnding::link_proved() {
  if (theirs_ != Theirs::lost) give_up_.reset();
}

TalkEnding::Actions TalkEnding::say_bye(Time now) {
  ours_ = Ours::closing;
  deadline_ = now + farewell();
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
  if (over_) return {};
  if (theirs_ == Theirs::lost) return end(Why::gave_up);
  if ((ours_ != Ours::speaking && ours_ != Ours::finishing) || leaves_files_) return {};
  if (speech_ == Speech::frames) {
    if (!words_wait) return say_bye(now);
    leaves_files_ = true;
    deadline_ = now + kFarewell;
  } else if (!words_wait) {
    return end(Why::done);
  }
  input_ended();
  return {};
}

TalkEnding::Actions TalkEnding::leave(bool with_reason) {
  if (over_) return {};
  if (theirs_ == Theirs::lost) return end(client() ? Why::gave_up : Why::left);
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
  const bool torn = how == PeerEnd::torn;
  const bool torn_greeting = torn && client() && speech_ == Speech::undecided;
  if (speech_ == Speech::frames || torn_greeting)
    return lose(torn ? Why::link_torn : Why::link_lost, now);
  theirs_ = Theirs::ended;
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

TalkEnding::Actions TalkEnding::link_failed(bool in_doubt, Time now) {
  if (!over_ && bye_said() && in_doubt) return end(Why::link_failed);
  const bool deaf_visitor = theirs_ == Theirs::ended && !client();
  return lose(deaf_visitor ? Why::visitor_gone : Why::link_failed, now);
}

TalkEnding::Actions TalkEnding::peer_silent(Time now) {
  if (over_ || speech_ != Speech::frames) return {};
  if (bye_said()) return end(Why::peer_silent);
  return lose(Why::peer_silent, now);
}

TalkEnding::Actions TalkEnding::words_ignored() {
  if (over_) return {};
  Actions actions = end(Why::unheard);
  actions.say_bye = !bye_said();
  return actions;
}

TalkEnding::Actions TalkEnding::protocol_broken() {
  if (over_) return {};
  Actions actions = end(Why::protocol_broken);
  actions.say_bye = speech_ == Speech::frames && !bye_said();
  return actions;
}

// ---- This side's work and time ----

TalkEnding::Actions TalkEnding::work_done(Time now) {
  const bool due =
      !over_ && speech_ == Speech::frames && ours_ == Ours::finishing && theirs_ != Theirs::lost;
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
  if (theirs_ == Theirs::lost) return end(lost_by_);
  if (leaves_files_ && ours_ == Ours::finishing)
    return {.say_bye = true, .over = end(Why::unheard).over};
  return end(theirs_ == Theirs::ended && !client() ? Why::visitor_quiet : Why::done);
}

}  // namespace talk
