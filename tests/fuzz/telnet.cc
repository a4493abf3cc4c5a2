// Telnet's commands are taken out of a stream whatever the pieces are in which it comes.
#include "common/wire/telnet.h"

#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace talk;
  const std::string_view bytes = fuzz::text_of(data, size);
  const std::string whole = TelnetFilter().filter(bytes);
  check(whole.size() <= size, "more comes out than went in");
  TelnetFilter slow;
  std::string pieces;
  fuzz::in_pieces(bytes, 1, [&](std::string_view part) { pieces += slow.filter(part); });
  check(pieces == whole, "pieces make a difference");
  return 0;
}
