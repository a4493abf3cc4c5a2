// What a person types: a line to be said is never a command, and words that were quoted come back.
#include "common/text/words.h"

#include "common/text/command.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace talk;
  const std::string line(fuzz::text_of(data, size));
  const TypedLine typed = parse_typed_line(line, "/home/alice");
  if (const auto* said = std::get_if<Say>(&typed))
    check(said->text == (line.starts_with("//") ? line.substr(1) : line), "other words are said");
  else
    check(line.starts_with('/'), "a command without its slash");
  if (const auto words = split_words(line)) {
    std::string quoted;
    for (std::string word : *words) {
      for (std::size_t at = 0; (at = word.find('\'', at)) != word.npos; at += 4)
        word.replace(at, 1, "'\\''");
      quoted += " '" + word + "'";
    }
    check(split_words(quoted) == words, "quoted words do not come back");
  }
  return 0;
}
