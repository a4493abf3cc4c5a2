#include "tests/support/mutate.h"

#include <algorithm>
#include <string_view>

namespace talk::test {
namespace {

using std::string_view_literals::operator""sv;

constexpr std::size_t kMostChanges = 5;
constexpr std::size_t kLongestPart = 16;
// Bytes on which parsers turn.
constexpr std::string_view kTurning = "\0\n\r \x1b\x7f\x80\xff\"'\\/-~09TDEO"sv;

}  // namespace

std::string Mutator::mutate(std::string bytes) {
  for (std::size_t left = up_to(kMostChanges); left > 0; --left) change(bytes);
  return bytes;
}

void Mutator::change(std::string& bytes) {
  const std::size_t at = up_to(bytes.size());
  const std::size_t count = std::min(bytes.size() - at, 1 + up_to(kLongestPart));
  switch (up_to(5)) {
    case 0:
      if (at < bytes.size()) bytes[at] = static_cast<char>(bytes[at] ^ (1 << up_to(7)));
      break;
    case 1:
      if (at < bytes.size()) bytes[at] = kTurning[up_to(kTurning.size() - 1)];
      break;
    case 2:
      bytes.insert(at, 1, static_cast<char>(up_to(255)));
      break;
    case 3:
      bytes.erase(at, count);
      break;
    case 4:
      bytes.insert(at, bytes.substr(at, count));
      break;
    default: {
      if (seeds_.empty()) break;
      const std::string& other = pick(seeds_);
      bytes.insert(at, other.substr(up_to(other.size()), 1 + up_to(kLongestPart)));
    }
  }
}

}  // namespace talk::test
