// The end of a conversation: what ending.h decides is carried out, and what is left undone is said.
#include "common/session/conversation.h"
#include "common/session/wording.h"
#include "common/wire/protocol_error.h"

namespace talk {

void Conversation::leave(const std::string& reason, Time now) {
  now_ = now;
  carry_out(ending_.leave(!reason.empty()), reason);
}

// `reason` is what there is to be said about it: by the peer where it is the peer's bye, else by
// this side.
void Conversation::carry_out(const TalkEnding::Actions& actions, const std::string& reason) {
  const bool answer = actions.over == TalkEnding::Why::bye;
  if (actions.say_bye) acknowledge();
  if (actions.say_bye) say_last(Bye{answer ? "" : reason});
  if (actions.say_why) say_last(Notice{parting_line(reason)});
  half_close_due_ |= actions.half_close;
  if (actions.tell_deafness)
    show(Entry::Kind::info,
         "the visitor has nothing more to say; whether it still reads shows when you type");
  if (actions.lost) link_lost(reason);
  if (actions.over) finish(*actions.over, reason);
}

void Conversation::say_last(const Message& message) {
  try {
    stream_->send(message);
  } catch (const ProtocolError&) {
    // The queue is full of answers that the peer never read: it won't read this one either.
  }
}

void Conversation::finish(TalkEnding::Why why, const std::string& reason) {
  const std::string& last = reason.empty() ? link_.lost_by() : reason;
  ended_by_us_ = ending_.ours() != TalkEnding::Ours::speaking || why == TalkEnding::Why::left ||
                 why == TalkEnding::Why::gave_up;
  outcome_ = {TalkEnding::exit_code(why), farewell_text(why, peer_title(), last)};
  const bool fine = outcome_.code == Outcome::kFine;
  const bool lost = outcome_.code == Outcome::kLost;
  const bool failed_before = transfer_failed_;
  // A peer says what it has heard before it says bye.
  const bool unheard_by_bye = why == TalkEnding::Why::bye && said_.unheard_of_the_person();
  if (lost || unheard_by_bye) tell_unheard(said_.unheard());
  if (lost) tell_held();
  if (!outcome_.reason.empty())
    show(fine ? Entry::Kind::info : Entry::Kind::error, outcome_.reason);
  transfers_.end(lost, link_.lost_since().has_value());
  const std::string unfinished = tell_of_transfers();
  if (outcome_.code != Outcome::kLost && outcome_.code != Outcome::kRefused)
    judge_files_and_commands(unfinished);
  if (lost && failed_before && scripted()) outcome_.code = Outcome::kTransfer;
  if (unheard_by_bye && options_.role == Role::client && outcome_.code == Outcome::kFine)
    outcome_.code = Outcome::kLost;
  update_status();
}

// A talk that was not lost may have left something undone.
void Conversation::judge_files_and_commands(const std::string& unfinished) {
  if (!unfinished.empty() || (scripted() && transfer_failed_))
    outcome_.code = Outcome::kTransfer;
  else if (scripted() && mistaken_)
    outcome_.code = Outcome::kFailed;
  if (unfinished.empty()) return;
  outcome_.reason += (outcome_.reason.empty() ? "" : "; ") + unfinished;
}

}  // namespace talk
