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

  // A message longer than `maximum` bytes is handed on in parts of that size, each but the last
  // with Ending::none (which nothing else that next() returns has).
  explicit LineReader(std::size_t maximum) : maximum_(maximum) {}

  // Takes what one receive brought. All that next() has was to be taken before.
  // Behind a NUL that ended a message the rest of the same receive is ignored (stale bytes of a
  // fixed buffer); a NUL straight behind a line feed is only skipped, and a NUL behind a carriage
  // return is telnet's way to write a bare one and ends a line.
  void feed(std::string_view received);

  // The next complete message. An empty one that ended in NUL is padding and is left out.
  std::optional<Line> next();

  // How many bytes of the receive are behind next() up to now: the end of the line that it gave
  // last, or all where it has nothing more.
  std::size_t position() const { return position_; }

  // What came of a message whose ending has not come. A peer that has never shown an ending of
  // its own may have meant it to be complete: its owner decides when, and takes it.
  std::string_view partial() const { return partial_; }
  std::string take_partial();
  bool has_shown_ending() const { return last_ending_ != Ending::none; }
  // The ending last seen: what to answer with. `none` until one was seen.
  Ending last_ending() const { return last_ending_; }

 private:
  std::size_t maximum_;
  std::string received_;
  std::size_t position_ = 0;
  std::string partial_;
  bool after_line_feed_ = false;  // the last byte taken was a line feed
  Ending last_ending_ = Ending::none;
};

}  // namespace talk
