#include "common/session/peer_stream.h"

#include "common/posix/bug.h"
#include "common/text/utf8.h"
#include "common/wire/limits.h"
#include "common/wire/protocol_error.h"

namespace talk {
namespace {

// More than this is never queued: then the peer is cut off.
constexpr std::size_t kMostQueued = 8 * kMaxQueued;
// Of answers: reading stops well before.
constexpr std::size_t kCongested = 2 * kMaxQueued;
// Of answers: pongs stop earlier still.
constexpr std::size_t kEnoughAnswers = kMaxQueued / 4;

}  // namespace

PeerStream::PeerStream(Options options, PeerEvents& events, Time now)
    : options_(std::move(options)),
      events_(events),
      started_(now),
      must_know_(options_.role == Role::client),
      lines_(kMaxText, LineReader::LoneReturn::ending),
      queue_(kMostQueued) {
  if (options_.raw) {
    speech_ = Speech::lines;
    judged_ = true;
  } else if (begins()) {
    append(format_greeting(options_.greeting), SendQueue::Cause::own);
  }
}

void PeerStream::receive(std::string_view bytes, Time now) {
  if (judged_) return speech_ == Speech::frames ? receive_frames(bytes) : receive_lines(bytes, now);
  if (!first_byte_at_) first_byte_at_ = now;
  first_bytes_.append(bytes);
  judge(now, false);
}

void PeerStream::judge(Time now, bool waiting_is_over) {
  FirstBytes verdict = judge_first_bytes(first_bytes_);
  if (may_be_handed_on(verdict)) {
    const FirstBytes next = judge_first_bytes(std::string_view(first_bytes_).substr(verdict.size));
    if (next.kind == FirstBytes::Kind::could_become_one && !waiting_is_over) return;
    if (next.kind == FirstBytes::Kind::greeting) {
      first_bytes_.erase(0, verdict.size);
      verdict = next;
    }
  }
  const bool undecided = verdict.kind == FirstBytes::Kind::could_become_one;
  if (undecided && !waiting_is_over) return;
  std::string bytes;
  bytes.swap(first_bytes_);
  first_byte_at_.reset();
  judged_ = true;
  const bool greeting = verdict.kind == FirstBytes::Kind::greeting;
  const bool first_link = options_.role == Role::handler && !options_.further;
  if (greeting && first_link && verdict.greeting.session && verdict.greeting.got)
    events_.on_called_again(verdict.greeting, bytes);
  if (greeting && !spoke_lines_) {
    speech_ = Speech::frames;
    if (!begins()) answer(verdict.greeting);
    events_.on_greeting(verdict.greeting);
    return receive_frames(std::string_view(bytes).substr(verdict.size));
  }
  speech_ = Speech::lines;
  if (!greeting || options_.role == Role::handler) {
    events_.on_line_peer();
    return receive_lines(bytes, now);
  }
  events_.on_late_greeting();
  receive_lines(std::string_view(bytes).substr(verdict.size), now);
}

// Shorter beginnings may be anybody's word.
bool PeerStream::greeting_is_torn() const {
  return first_byte_at_ && first_bytes_.starts_with(kGreetingWord) &&
         judge_first_bytes(first_bytes_).kind == FirstBytes::Kind::could_become_one;
}

// No frame of any peer begins like a greeting: it would be longer than a frame may be.
bool PeerStream::may_be_handed_on(const FirstBytes& first) const {
  return options_.further && options_.role == Role::client &&
         first.kind == FirstBytes::Kind::greeting && !first.greeting.got;
}

// One that was written before something was added is answered as it was then.
void PeerStream::answer(const Greeting& theirs) {
  Greeting ours = options_.greeting;
  ours.many = ours.many && theirs.many;
  ours.ack = ours.ack && theirs.ack;
  if (!theirs.session && !options_.further) ours.again = seconds(0);
  append(format_greeting(ours), SendQueue::Cause::own);
}

void PeerStream::assume_lines() {
  check(speech_ == Speech::undecided && silent(), "lines for a peer that may still greet");
  speech_ = Speech::lines;
}

void PeerStream::receive_frames(std::string_view bytes) {
  frames_.feed(bytes);
  while (const auto frame = frames_.next()) {
    if (frame->tag == 'D')
      events_.on_file_data(frame->transfer, frame->payload);
    else
      events_.on_message(decode(frame->tag, frame->payload));
  }
}

void PeerStream::receive_lines(std::string_view bytes, Time now) {
  if (options_.verbatim) return events_.on_bytes(bytes);
  lines_.feed(telnet_.filter(bytes));
  while (const auto line = lines_.next()) events_.on_line(line->text);
  line_pause_.reset();
  append(telnet_.take_answer(), SendQueue::Cause::answer);
  const std::string_view partial = lines_.partial();
  if (partial.empty() || lines_.has_shown_ending()) return;
  const bool more_comes = lines_.typed_by_key() || whole_utf8(partial).size() < partial.size();
  line_pause_ = now + (more_comes ? kKeyPause : kMessagePause);
}

bool PeerStream::receive_end(Time now) {
  if (greeting_is_torn()) return false;
  if (first_byte_at_) judge(now, true);
  if (speech_ == Speech::frames) return frames_.between_frames();
  if (!lines_.partial().empty()) events_.on_line(lines_.take_partial());
  line_pause_.reset();
  return true;
}

void PeerStream::tick(Time now) {
  if (first_byte_at_ && now >= *first_byte_at_ + wait_for_rest()) judge(now, true);
  if (waits_for_greeting() && now >= started_ + kGreetingPatience) {
    silence_said_ = true;
    events_.on_silence();
  }
  if (line_pause_ && now >= *line_pause_) {
    line_pause_.reset();
    events_.on_line(lines_.take_partial());
  }
}

std::optional<Time> PeerStream::deadline() const {
  std::optional<Time> earliest;
  const auto consider = [&](Time time) {
    if (!earliest || time < *earliest) earliest = time;
  };
  if (first_byte_at_)
    consider(*first_byte_at_ + wait_for_rest());
  else if (waits_for_greeting())
    consider(started_ + kGreetingPatience);
  if (line_pause_) consider(*line_pause_);
  return earliest;
}

void PeerStream::send(const Message& message) {
  if (speech_ == Speech::frames) return append(encode(message), SendQueue::Cause::own);
  const auto* text = std::get_if<Text>(&message);
  check(text == nullptr || speech_ == Speech::lines, "words for a peer that is not known yet");
  if (speech_ == Speech::undecided) return;
  if (text != nullptr) send_line(text->text);
  if (const auto* notice = std::get_if<Notice>(&message)) send_line(notice->text);
}

void PeerStream::send_pong(const Pong& pong) {
  check(speech_ == Speech::frames, "a pong for a peer that speaks no frames");
  if (queue_.answers() < kEnoughAnswers) append(encode(pong), SendQueue::Cause::answer);
}

void PeerStream::send_encoded(std::string_view frames) { append(frames, SendQueue::Cause::answer); }

void PeerStream::send_line(const std::string& text) {
  spoke_lines_ = true;
  const Ending ending = lines_.last_ending();
  append(text + std::string(bytes_of(ending == Ending::none ? Ending::lf : ending)),
         SendQueue::Cause::own);
}

void PeerStream::append(std::string_view bytes, SendQueue::Cause cause) {
  if (!queue_.append(bytes, cause))
    throw ProtocolError("the other side asks much and reads nothing");
}

bool PeerStream::has_room() const { return queue_.own() < kMaxQueued; }

bool PeerStream::congested() const { return queue_.answers() > kCongested; }

}  // namespace talk
