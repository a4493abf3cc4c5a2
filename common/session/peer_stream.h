// The stream to and from the peer: decides by its first bytes whether it speaks TALK/1 or plain
// lines, and from then on turns bytes into what was said and what is to be said into bytes. It
// knows no descriptor: bytes and the time are handed in.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/posix/clock.h"
#include "common/session/role.h"
#include "common/session/send_queue.h"
#include "common/wire/frame.h"
#include "common/wire/greeting.h"
#include "common/wire/limits.h"
#include "common/wire/line_reader.h"
#include "common/wire/messages.h"
#include "common/wire/telnet.h"

namespace talk {

// What a peer said. Called from within PeerStream::receive() and tick().
class PeerEvents {
 public:
  virtual ~PeerEvents() = default;
  virtual void on_greeting(const Greeting& greeting) = 0;  // frames from here on
  // At a handler's first link somebody begins like one who had another: whose talk may be
  // elsewhere. `read` is all that came so far.
  virtual void on_called_again(const Greeting&, const std::string& /*read*/) {}
  virtual void on_line_peer() = 0;  // it speaks plain lines
  // Not a byte came in the time that a greeting is given: what it speaks is not known.
  virtual void on_silence() = 0;
  // A greeting came when words had gone out as plain lines already: they stay plain.
  virtual void on_late_greeting() = 0;
  virtual void on_line(const std::string& line) = 0;  // line peers only
  virtual void on_bytes(std::string_view bytes) = 0;  // verbatim streams only
  virtual void on_message(const Message& message) = 0;
  virtual void on_file_data(TransferNumber transfer, std::string_view piece) = 0;
};

class PeerStream {
 public:
  struct Options {
    Role role = Role::client;
    Greeting greeting;      // ours; the handler's is queued at once, on a further link the client's
    bool raw = false;       // never TALK/1
    bool verbatim = false;  // with raw: hand on the bytes as they come
    // The talk had a link before. A client begins, and is answered by a greeting that says what
    // was got; the first that it hears may be that of a process which hands it on.
    bool further = false;
  };

  PeerStream(Options options, PeerEvents& events, Time now);

  Speech speech() const { return speech_; }

  // Takes what one receive brought. Throws ProtocolError.
  void receive(std::string_view bytes, Time now);
  // The peer's stream has ended: hands on what was still held. False where it was cut off in the
  // middle of a frame, or of its greeting.
  bool receive_end(Time now);
  void tick(Time now);
  std::optional<Time> deadline() const;

  // Whether anything came from the peer.
  bool heard() const { return judged_ || first_byte_at_.has_value(); }
  // There is something to say: a handler gives its visitor no longer than kGreetingPatience from
  // the start to speak first, as a client does from the beginning.
  void expect_to_speak() { must_know_ = true; }
  // on_silence() was said, and nothing has come since.
  bool silent() const { return silence_said_ && !heard(); }
  // What is said to a silent peer are plain lines. A greeting that comes before anything was said
  // is taken all the same.
  void assume_lines();

  // Queues a message. A line peer gets text and notices as lines of the kind it sends, and nothing
  // of the rest; a peer that is not known yet gets nothing, and text is not for it yet. Throws
  // ProtocolError where the peer let the queue grow over its bound (it asks and never reads).
  void send(const Message& message);
  // Answers a ping, unless so many answers wait unread that one more tells the peer nothing.
  void send_pong(const Pong& pong);
  // Frames that are encoded already.
  void send_encoded(std::string_view frames);

  // What is to be sent, in order.
  std::string_view outgoing() const { return queue_.view(); }
  void sent(std::size_t count) { queue_.consume(count); }
  bool drained() const { return queue_.empty(); }
  std::size_t queued() const { return queue_.size(); }  // bytes
  // Whether a person's further words would still find a place. Answers take none of it.
  bool has_room() const;
  // Whether answers are piling up: then the peer is not read from.
  bool congested() const;

 private:
  void judge(Time now, bool waiting_is_over);
  void answer(const Greeting& theirs);
  bool begins() const { return (options_.role == Role::handler) != options_.further; }
  milliseconds wait_for_rest() const {
    return options_.further ? kGreetingPatience : kGreetingWait;
  }
  bool greeting_is_torn() const;
  bool may_be_handed_on(const FirstBytes& first) const;
  bool waits_for_greeting() const { return must_know_ && !heard() && !silence_said_; }
  void receive_frames(std::string_view bytes);
  void receive_lines(std::string_view bytes, Time now);
  void send_line(const std::string& text);
  void append(std::string_view bytes, SendQueue::Cause cause);

  Options options_;
  PeerEvents& events_;
  Speech speech_ = Speech::undecided;
  Time started_;
  bool must_know_;           // the peer is given no more than kGreetingPatience
  std::string first_bytes_;  // while undecided
  std::optional<Time> first_byte_at_;
  bool judged_ = false;  // by its first bytes the peer has shown what it speaks
  bool silence_said_ = false;
  bool spoke_lines_ = false;  // something was said to the peer as a line
  FrameReader frames_;
  TelnetFilter telnet_;
  LineReader lines_;
  std::optional<Time> line_pause_;  // when a message without an ending counts as whole
  SendQueue queue_;
};

}  // namespace talk
