// Words on their way: what is said is kept until the peer has heard it, and what is heard is
// acknowledged, where the peer knows of that.
#include "common/session/conversation.h"
#include "common/wire/protocol_error.h"

namespace talk {

void Conversation::speak(const Text& words) {
  said_.said({words.text});
  if (!lost()) stream_->send(words);
  if (options_.piped) return;  // nobody looks at them
  // File data is never put before what was queued: that alone is still to be sent before it.
  const std::uint64_t bytes = sent_bytes_ + data_.size() + stream_->queued();
  lines_.said(said_.acknowledged() ? said_.count() : bytes, now_);
}

void Conversation::notify(const std::string& text) {
  said_.said({text, true});
  if (!lost()) stream_->send(Notice{text});
}

void Conversation::peer_has_heard(std::uint64_t count) {
  if (!said_.acknowledged()) return;
  if (!said_.heard(count)) throw ProtocolError("words acknowledged that were not said");
  lines_.arrived(count);
}

void Conversation::acknowledge() {
  if (!framed() || !said_.acknowledged() || !heard_words_.owes()) return;
  stream_->send_encoded(encode(Heard{heard_words_.say(now_)}));
}

// ---- Read, and not said to be heard ----

// Nothing goes on before the peer says so.
bool Conversation::waits_to_be_heard() const {
  const bool stuck = ending_.ours() == TalkEnding::Ours::finishing || !said_.has_room();
  return framed() && !over() && stuck && !said_.all_heard();
}

void Conversation::ask_for_proof() {
  if (!waits_to_be_heard() || !may_ping() || !said_.wants_ping()) return;
  const std::string payload = liveness_.ping(now_);
  said_.pinged(payload);
  stream_->send(Ping{payload});
}

// When a peer that has read the words had time enough to say so.
std::optional<Time> Conversation::ignored_at() const {
  if (!waits_to_be_heard()) return std::nullopt;
  const std::optional<Time> since = said_.ignored_since();
  return since ? std::optional(*since + ending_.farewell()) : std::nullopt;
}

}  // namespace talk
