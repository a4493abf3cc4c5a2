// Messages of peers that know no frames: what people's own clients send, with line ends, with NULs
// and stale bytes behind them, or with no ending at all.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace talk {

enum class Ending { none, lf, crlf, nul };

// The bytes of an ending: "", "\n", "\r\n", or one NUL.
std::string_view bytes_of(Ending ending);

class LineReader {
 public:
  struct Line {
    std::string text;  // without its ending
    Ending ending = Ending::none;
  };

  // What a carriage return without a line feed is: a byte like others, or a line's end, as a
  // terminal in raw mode sends it.
  enum class LoneReturn { byte, ending };

  // A message longer than `maximum` bytes is handed on in parts of about that size, never cut
  // within a character, each but the last with Ending::none (which nothing else that next() returns
  // has).
  explicit LineReader(std::size_t maximum, LoneReturn lone_return = LoneReturn::byte)
      : maximum_(maximum), lone_return_(lone_return) {}

  // Takes what one receive brought. All that next() has was to be taken before.
  // Behind a NUL that ended a message the rest of the same receive is ignored: stale bytes of a
  // fixed buffer. A NUL straight behind a line feed ends nothing, and what stands behind it is
  // ignored where it shows itself as stale: by a NUL in the middle of a line, or because the peer
  // was seen to send its buffer whole, padding and all. A NUL behind a carriage return is telnet's
  // way to write a bare one and ends a line.
  void feed(std::string_view received);

  // The next complete message. An empty one that ended in NUL is padding and is left out.
  std::optional<Line> next();

  // How many bytes of the receive are behind next() up to now: the end of the line that it gave
  // last, or all where it has nothing more.
  std::size_t position() const { return position_; }

  // What came of a message whose ending has not come. A peer that has never shown an ending of
  // its own may have meant it to be complete: its owner decides when, and takes it. An ending that
  // comes later all the same belongs to it, and is no message of its own.
  std::string_view partial() const { return partial_; }
  std::string take_partial();
  // Whether the partial came one character a receive: somebody types, and is not done.
  bool typed_by_key() const { return by_key_; }
  bool has_shown_ending() const { return last_ending_ != Ending::none; }
  // The ending last seen: what to answer with. `none` until one was seen.
  Ending last_ending() const { return last_ending_; }

 private:
  std::optional<Line> end_line(Ending ending);
  Line over_maximum();
  void skip_late_ending();
  void skip_stale();

  std::size_t maximum_;
  LoneReturn lone_return_;
  std::string received_;
  std::size_t position_ = 0;
  std::string partial_;
  char last_taken_ = 0;         // the byte before position_, also of an earlier receive
  bool awaits_ending_ = false;  // of the partial that was taken
  bool by_key_ = true;
  std::size_t lines_ = 0;  // that ended in this receive
  std::size_t block_ = 0;  // bytes of the buffer that the peer sends whole; 0: none was seen
  Ending last_ending_ = Ending::none;
};

}  // namespace talk
