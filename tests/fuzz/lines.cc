// Messages of a line peer: within the limit, without their endings, and nothing is left behind.
#include "common/wire/line_reader.h"

#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace talk;
  constexpr std::size_t kMost = 40;
  for (const std::size_t piece : {size + 1, std::size_t{5}, std::size_t{1}}) {
    LineReader reader(kMost);
    fuzz::in_pieces(fuzz::text_of(data, size), piece, [&](std::string_view part) {
      reader.feed(part);
      std::size_t position = 0;
      while (const auto line = reader.next()) {
        check(line->text.size() <= kMost, "a line over the limit");
        check(line->text.find('\n') == line->text.npos, "a line feed within a line");
        check(reader.position() >= position && reader.position() <= part.size(), "lost its place");
        position = reader.position();
      }
      check(reader.partial().size() <= kMost, "more is kept than a line may have");
    });
    reader.take_partial();
    check(reader.partial().empty(), "something stays behind");
  }
  return 0;
}
