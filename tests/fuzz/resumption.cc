// What is said of a visitor who calls again comes from another process: what was understood
// survives being said again.
#include "common/desk/resumption.h"

#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace talk;
  const auto once = read_resumption(fuzz::text_of(data, size));
  if (!once) return 0;
  const std::string said = format_resumption(*once);
  const auto again = read_resumption(std::string_view(said).substr(said.find(' ') + 1));
  check(again && format_resumption(*again) == said, "a resumption that changes");
  check(again->read == once->read, "other bytes were read");
  return 0;
}
