// What an echo session sends back: every byte as it came, except the message `:exit`, which ends
// the session. Pure: time and bytes are handed in.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "common/wire/line_reader.h"

namespace talk {

class Echo {
 public:
  // Each returns what is to be sent now.
  [[nodiscard]] std::string receive(std::string_view bytes);  // one receive's
  [[nodiscard]] std::string pause();                          // nothing came for kMessagePause
  [[nodiscard]] std::string end();                            // the peer's end of input

  // Whether `:exit` was said: nothing more is to be received.
  bool over() const { return over_; }
  // Whether a pause would mean something now.
  bool awaits_pause() const;

 private:
  bool finish_messages(std::string_view bytes, std::string& out);

  // A longer message comes in parts; `:exit` is short, so the size matters for speed alone.
  static constexpr std::size_t kPart = 4096;

  LineReader reader_{kPart};
  bool in_long_message_ = false;  // parts of the current message have been taken already
  bool over_ = false;
  std::string held_;  // the last bytes of the current message, which may become `:exit`
};

}  // namespace talk
