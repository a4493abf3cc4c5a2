// Words on their way: what is said is kept until the peer has heard it, and what is heard is
// acknowledged, where the peer knows of that.
#include "common/session/conversation.h"
#include "common/wire/protocol_error.h"

namespace talk {

void Conversation::speak(const Text& words) {
  peer_acknowledges_ ? unheard_.said({words.text}) : void(++unproved_words_);
  if (!lost()) stream_->send(words);
  if (options_.piped) return;  // nobody looks at them
  // File data is never put before what was queued: that alone is still to be sent before it.
  const std::uint64_t bytes = sent_bytes_ + data_.size() + stream_->queued();
  lines_.said(peer_acknowledges_ ? unheard_.said_so_far() : bytes, now_);
}

void Conversation::notify(const std::string& text) {
  peer_acknowledges_ ? unheard_.said({text, true}) : void(++unproved_words_);
  if (!lost()) stream_->send(Notice{text});
}

void Conversation::peer_has_heard(std::uint64_t count) {
  if (!peer_acknowledges_) return;
  if (!unheard_.heard(count)) throw ProtocolError("words acknowledged that were not said");
  lines_.arrived(count);
}

void Conversation::acknowledge() {
  if (!framed() || !peer_acknowledges_ || !heard_words_.owes()) return;
  stream_->send_encoded(encode(Heard{heard_words_.say(now_)}));
}

// ---- Read, and not said to be heard ----

std::uint64_t Conversation::words_said() const {
  return peer_acknowledges_ ? unheard_.said_so_far() : unproved_words_;
}

// A peer that says nothing of what it has heard may have thrown it away unread.
bool Conversation::words_in_doubt() const {
  return !peer_acknowledges_ && unproved_words_ > read_proof_.read();
}

// Nothing goes on before the peer says so.
bool Conversation::waits_to_be_heard() const {
  const bool stuck = ending_.ours() == TalkEnding::Ours::finishing || !unheard_.has_room();
  return framed() && !over() && stuck && !all_heard();
}

void Conversation::ask_for_proof() {
  if (!waits_to_be_heard() || !may_ping() || !read_proof_.wants_ping(words_said())) return;
  const std::string payload = liveness_.ping(now_);
  read_proof_.pinged(payload, words_said());
  stream_->send(Ping{payload});
}

// When a peer that has read the words had time enough to say so.
std::optional<Time> Conversation::ignored_at() const {
  if (!waits_to_be_heard()) return std::nullopt;
  const std::optional<Time> since = read_proof_.ignored_since(unheard_.heard_so_far());
  return since ? std::optional(*since + ending_.farewell()) : std::nullopt;
}

}  // namespace talk
