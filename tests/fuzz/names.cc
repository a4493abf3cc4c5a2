// A file's name that is taken is taken as it is, and the second file of that name has one that is
// taken too.
#include "common/files/file_name.h"

#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace talk;
  constexpr std::size_t kMaxPart = 255;
  const std::string_view wish = fuzz::text_of(data, size);
  const NameCheck name = check_name(wish);
  check(name.ok() != name.parts.empty(), "neither taken nor refused");
  if (!name.ok()) return 0;
  check(join_parts(name.parts) == wish, "another name than was wished for");
  for (const std::string& part : name.parts) {
    check(part.size() <= kMaxPart && part != ".." && part != "." && !part.empty(), "a bad part");
    for (const unsigned count : {2u, 10'000u}) {
      const std::string numbered = numbered_name(part, count);
      check(numbered != part && numbered.size() <= kMaxPart, "a number that makes no name");
      if (&part == &name.parts.front()) check(check_name(numbered).ok(), "it would be refused");
    }
  }
  return 0;
}
