// What was understood of a frame can be said again, and is then understood in the same way.
#include "common/wire/messages.h"

#include "common/wire/frame.h"
#include "common/wire/limits.h"
#include "common/wire/protocol_error.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace talk;
  const std::string_view bytes = fuzz::text_of(data, size);
  if (bytes.empty()) return 0;
  const auto most = payload_limit(bytes[0]);
  if (!most || bytes.size() - 1 > *most) return 0;  // FrameReader lets no such frame through
  try {
    const std::string once = encode(decode(bytes[0], bytes.substr(1)));
    check(once.size() <= kFrameHeader + kMaxPayload && once[0] == bytes[0], "another frame");
    const std::string twice = encode(decode(once[0], std::string_view(once).substr(kFrameHeader)));
    check(once == twice, "a message that changes");
  } catch (const ProtocolError&) {
  }
  return 0;
}
