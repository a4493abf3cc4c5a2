// A conversation over more than one link: what is done when one is lost, and how the next goes on.
//
// Each side begins a further link with how many words it has got, and says again, in order, all
// that the other has not: the kept words are exactly those behind that count (unheard_words.h).
// Nothing of the last link is read any more once the next is there.
#include <algorithm>
#include <utility>

#include "common/session/conversation.h"
#include "common/session/wording.h"
#include "common/text/display.h"
#include "common/wire/protocol_error.h"

namespace talk {
namespace {

constexpr std::size_t kMostToldUnheard = 20;  // lines

}  // namespace

// Whether both sides find each other again is settled by each greeting anew.
void Conversation::survive(const Greeting& theirs) {
  said_.set_acknowledged(theirs.ack);
  const bool client = options_.role == Role::client;
  if (client) ticket_ = theirs.session;
  const bool found_again = theirs.ack && ticket_.has_value();
  const seconds patience = client ? options_.patience : std::min(options_.patience, theirs.again);
  ending_.survives(found_again || options_.any_talk_will_do ? patience : seconds(0));
}

bool Conversation::comes_again(const Greeting& theirs) const {
  return options_.role == Role::handler ? theirs.again > seconds(0) : ending_.may_be_called_again();
}

void Conversation::on_called_again(const Greeting& greeting, const std::string& read) {
  if (options_.hand_on) options_.hand_on(greeting, read);
}

void Conversation::link_lost(const std::string& reason) {
  data_ = {};
  if (!link_.lost(reason, now_)) return;
  transfers_.link_lost();
  show(Entry::Kind::info, lost_text(options_.role, options_.piped, peer_title(), reason));
  update_status();
}

void Conversation::drop_link() {
  link_.dropped();
  data_ = {};
}

bool Conversation::new_link(const std::string& peer_address, Time now) {
  if (!ending_.may_be_called_again()) return false;
  now_ = now;
  carry_out(ending_.link_replaced(now));
  options_.peer_address = peer_address;
  data_ = {};
  sent_bytes_ = 0;
  if (ending_.speech() == Speech::undecided) {
    begin_again();
    return true;
  }
  Greeting greeting = own_greeting(options_);
  greeting.session = ticket_;
  if (greeting.session) greeting.got = heard_words_.count();
  PeerEvents& events = *this;
  stream_.emplace(PeerStream::Options{options_.role, greeting, false, false, true}, events, now);
  link_.called(now);
  return true;
}

// The last link broke before the peer had shown what it speaks: this one begins like the first.
void Conversation::begin_again() {
  stream_.emplace(stream_options(options_), static_cast<PeerEvents&>(*this), now_);
  link_up();
}

// The peer that had the last link is there again.
void Conversation::resume(const Greeting& theirs) {
  if (theirs.session != ticket_ || !said_.could_be_heard(*theirs.got))
    throw ProtocolError("the call was answered by another talk");
  const Time lost_at = link_.lost_since().value_or(now_);
  link_up();
  heard_words_.say(now_);  // the greeting said it
  // Before they are told anew who the peer is, and what it knows.
  transfers_.start_over(AfterLoss::same_peer);
  meet(theirs);
  peer_has_heard(*theirs.got);
  for (const UnheardWords::Word& word : said_.unheard()) stream_->send(word.message());
  show(Entry::Kind::info, found_again_text(peer_title(), now_ - lost_at));
}

// As a client: whoever answered knows nothing of the talk. What was not heard is for the person to
// say again; a pipe has none.
void Conversation::begin_anew(const Greeting& theirs) {
  if (options_.role == Role::handler) throw ProtocolError("a call again without its count");
  link_up();
  const std::deque<UnheardWords::Word> unheard = said_.start_over();
  heard_words_.start_over();
  lines_.clear();
  transfers_.start_over(AfterLoss::another_peer);
  meet(theirs);
  // What a pipe has said and was not heard is said again: nothing is wrong.
  show(options_.piped ? Entry::Kind::info : Entry::Kind::error,
       "the earlier talk is gone; this is a new one with " + peer_title());
  if (!options_.piped) return tell_unheard(unheard);
  if (unheard.empty()) return;
  notify("an earlier talk was cut off; this is what was not heard of it");
  for (const UnheardWords::Word& word : unheard)
    if (!word.notice) speak(Text{word.text});
}

void Conversation::link_up() {
  link_.greeted();
  ending_.called_again();
  liveness_ = Liveness(now_);
  said_.new_link();
  stream_->send(Ping{liveness_.ping(now_)});
}

// The peer has answered over it.
void Conversation::link_proved() {
  if (lost() || !link_.proved()) return;
  ending_.link_proved();
  answered_ = true;
}

void Conversation::tell_unheard(const std::deque<UnheardWords::Word>& words) {
  std::size_t left = kMostToldUnheard;
  for (const UnheardWords::Word& word : words) {
    if (word.notice) continue;
    if (left-- == 0) return show(Entry::Kind::error, "and more that was not heard");
    show(Entry::Kind::error, "not heard: " + quoted(word.text));
  }
}

// What was to be said once it was known how.
void Conversation::tell_held() {
  std::deque<UnheardWords::Word> words;
  while (const auto item = held_.take(false, now_))
    if (const auto* text = std::get_if<Text>(&*item)) words.push_back({text->text});
  tell_unheard(words);
}

// The person does not believe in this link, or does not want to wait for the next call.
void Conversation::hurry() {
  if (options_.role != Role::client || !ending_.may_be_called_again()) return;
  if (lost())
    call_now_ = true;
  else if (framed() && liveness_.silent_for(now_))
    carry_out(ending_.peer_silent(now_));
}

}  // namespace talk
