// Words on their way: what is said is kept until the peer has heard it, and what is heard is
// acknowledged, where the peer knows of that.
#include "common/session/conversation.h"
#include "common/wire/protocol_error.h"

namespace talk {

void Conversation::speak(const Text& words) {
  if (peer_acknowledges_) unheard_.said({words.text});
  if (!lost()) stream_->send(words);
  if (options_.piped) return;  // nobody looks at them
  // File data is never put before what was queued: that alone is still to be sent before it.
  const std::uint64_t bytes = sent_bytes_ + data_.size() + stream_->queued();
  lines_.said(peer_acknowledges_ ? unheard_.said_so_far() : bytes, now_);
}

void Conversation::notify(const std::string& text) {
  if (peer_acknowledges_) unheard_.said({text, true});
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

}  // namespace talk
