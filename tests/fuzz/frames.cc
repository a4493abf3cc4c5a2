// The same frames come of a stream whatever the pieces are in which it comes.
#include "common/wire/frame.h"

#include "common/wire/integers.h"
#include "common/wire/protocol_error.h"
#include "tests/fuzz/fuzz.h"

namespace {

using namespace talk;

// All that was read: data as one, whatever its pieces; the error; where the stream stands.
std::string read_all(std::string_view bytes, std::size_t piece) {
  FrameReader reader;
  std::string read;
  try {
    fuzz::in_pieces(bytes, piece, [&](std::string_view part) {
      reader.feed(part);
      while (const auto frame = reader.next()) {
        for (const char c : frame->payload) (read += frame->tag) += c;
        if (frame->tag == 'D') continue;
        read += '\n';
        put_integer(read, frame->payload.size());
      }
    });
  } catch (const ProtocolError& error) {
    return read + error.what();
  }
  return read + (reader.between_frames() ? "whole" : "cut");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes = fuzz::text_of(data, size);
  const std::string whole = read_all(bytes, size);
  for (const std::size_t piece : std::initializer_list<std::size_t>{1, 3, 7})
    check(read_all(bytes, piece) == whole, "pieces make a difference");
  return 0;
}
