// Reads the frames of TALK/1: tag, length, payload. The payload of file data is handed on in the
// pieces in which it comes and is never gathered; everything else is handed on whole.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "common/wire/transfer_number.h"

namespace talk {

class FrameReader {
 public:
  struct Frame {
    char tag = 0;
    std::string_view payload;     // 'D': the next bytes of the file
    TransferNumber transfer = 0;  // 'D' only
  };

  // Gives bytes to read from. They must stay where they are until next() has said that there is
  // nothing more; then anything incomplete has been taken into the reader.
  void feed(std::string_view bytes) { input_ = bytes; }

  // The next frame, or piece of one; frames with an unknown tag are skipped. Views are valid until
  // the next call. Throws ProtocolError; after that the reader is of no more use.
  std::optional<Frame> next();

  // Whether the stream stands between two frames, where it may end in order.
  bool between_frames() const { return !in_payload_ && gathered_.empty(); }

 private:
  bool gather(std::size_t wanted);
  void begin_frame();
  std::optional<Frame> next_piece();

  std::string_view input_;
  std::string gathered_;     // of a header or payload that came in pieces
  bool in_payload_ = false;  // the header has been read
  bool piecewise_ = false;   // the transfer number of file data has been read
  bool hand_over_ = false;   // gathered_ was handed out and is to be cleared
  char tag_ = 0;
  bool is_message_ = false;  // the tag is one of messages.h
  std::size_t left_ = 0;     // bytes of the payload not yet taken
  TransferNumber transfer_ = 0;
  std::string_view whole_;  // what gather() completed
};

}  // namespace talk
