#include "common/text/search.h"

#include <cwctype>

#include "common/text/utf8.h"

namespace talk {
namespace {

std::wint_t folded(char32_t code) { return std::towlower(static_cast<std::wint_t>(code)); }

// How many bytes of the text's beginning are `sought`; 0: they are something else. A letter may
// have another length than its capital.
std::size_t begins_with(std::string_view text, std::string_view sought) {
  std::string_view left = text;
  while (!sought.empty()) {
    if (left.empty()) return 0;
    const Decoded one = decode_utf8(left);
    const Decoded other = decode_utf8(sought);
    if (one.valid != other.valid || folded(one.code) != folded(other.code)) return 0;
    left.remove_prefix(one.size);
    sought.remove_prefix(other.size);
  }
  return text.size() - left.size();
}

}  // namespace

std::optional<std::string_view> find_ignoring_case(std::string_view text, std::string_view sought) {
  while (!text.empty()) {
    if (const std::size_t size = begins_with(text, sought); size > 0) return text.substr(0, size);
    text.remove_prefix(decode_utf8(text).size);
  }
  return std::nullopt;
}

}  // namespace talk
