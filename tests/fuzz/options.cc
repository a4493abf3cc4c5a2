// Numbers, sizes and words of a command line: taken or refused in words, whatever they are.
#include "talk_client/options.h"
#include "common/posix/error.h"
#include "common/text/decimal.h"
#include "talk_server/options.h"
#include "tests/fuzz/fuzz.h"

namespace {

using namespace talk;

template <typename T>
void check_number(std::string_view text) {
  const auto value = decimal<T>(text);
  if (value) check(decimal<T>(std::to_string(*value)) == value, "another number");
}

std::vector<std::string> split_at_nul(std::string_view bytes) {
  std::vector<std::string> words(1);
  for (const char c : bytes) c == '\0' ? void(words.emplace_back()) : words.back().push_back(c);
  return words;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes = fuzz::text_of(data, size);
  check_number<std::uint16_t>(bytes);
  check_number<std::int64_t>(bytes);
  try {
    check(parse_size("--max-file-size", std::string(bytes)) <= INT64_MAX, "a size over the limit");
  } catch (const UsageError&) {
  }
  try {
    parse_client_options(split_at_nul(bytes));
  } catch (const UsageError&) {
  }
  return 0;
}
