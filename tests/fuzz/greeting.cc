// A greeting that was understood survives being said again, and each of its beginnings is waited
// for.
#include "common/wire/greeting.h"

#include "common/wire/limits.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace talk;
  const std::string_view bytes = fuzz::text_of(data, size);
  const FirstBytes first = judge_first_bytes(bytes);
  if (first.kind != FirstBytes::Kind::greeting) return 0;
  check(first.size <= kMaxGreeting && first.size <= bytes.size(), "a greeting over the limit");
  for (std::size_t part = 0; part < first.size; ++part)
    check(judge_first_bytes(bytes.substr(0, part)).kind == FirstBytes::Kind::could_become_one,
          "the beginning of a greeting was not waited for");
  const std::string again = format_greeting(first.greeting);
  const FirstBytes second = judge_first_bytes(again);
  check(second.kind == FirstBytes::Kind::greeting && second.size == again.size(), "it is none now");
  check(format_greeting(second.greeting) == again, "a greeting that changes");
  return 0;
}
