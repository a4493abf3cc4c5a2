#include "common/files/file_name.h"

#include <algorithm>
#include <cstddef>

#include "common/text/utf8.h"

namespace talk {
namespace {

constexpr std::size_t kMaxPart = 255;  // bytes; what file systems take
constexpr std::size_t kMaxParts = 16;

bool is_control(char32_t c) { return c < 0x20 || (c >= 0x7f && c < 0xa0); }

// They let a name read as another one (Unicode, UAX #9).
bool is_bidi_control(char32_t c) {
  return c == 0x061c || c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e) ||
         (c >= 0x2066 && c <= 0x2069);
}

std::string refuse_characters(std::string_view text) {
  while (!text.empty()) {
    const Decoded character = decode_utf8(text);
    if (!character.valid) return "the name is not valid UTF-8";
    if (is_control(character.code)) return "the name has a control character";
    if (is_bidi_control(character.code)) return "the name has a character that turns its direction";
    text.remove_prefix(character.size);
  }
  return "";
}

std::string refuse_part(std::string_view part, bool first) {
  if (part.empty()) return "the name has an empty part";
  if (part == "." || part == "..") return "the name has a part '" + std::string(part) + "'";
  if (part.size() > kMaxPart) return "the name is longer than 255 bytes";
  if (first && part[0] == '.') return "the name begins with a dot";
  if (first && part[0] == '-') return "the name begins with a dash";
  if (is_partial_name(part)) return "the name is one of Talk's own";
  return "";
}

// Where the extension begins: the last dot, or the one before in ".tar.gz"; never the first byte.
std::size_t extension_of(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return name.size();
  constexpr std::string_view kTar = ".tar";
  if (dot > kTar.size() && name.substr(dot - kTar.size(), kTar.size()) == kTar)
    return dot - kTar.size();
  return dot;
}

}  // namespace

bool is_partial_name(std::string_view name) {
  return name.starts_with(kPartialPrefix) && name.ends_with(kPartialSuffix);
}

NameCheck check_name(std::string_view wish) {
  if (wish.empty()) return {{}, "the name is empty"};
  if (std::string refusal = refuse_characters(wish); !refusal.empty()) return {{}, refusal};
  if (wish[0] == '/') return {{}, "the name is absolute"};
  NameCheck result;
  for (std::size_t begin = 0; begin <= wish.size();) {
    const std::size_t end = std::min(wish.find('/', begin), wish.size());
    const std::string_view part = wish.substr(begin, end - begin);
    std::string refusal = refuse_part(part, begin == 0);
    if (refusal.empty() && result.parts.size() == kMaxParts)
      refusal = "the name has more than 16 parts";
    if (!refusal.empty()) return {{}, refusal};
    result.parts.emplace_back(part);
    begin = end + 1;
  }
  return result;
}

std::string numbered_name(std::string_view name, unsigned count) {
  const std::string number = "-" + std::to_string(count);
  std::string_view stem = name.substr(0, extension_of(name));
  std::string_view extension = name.substr(stem.size());
  // An "extension" that leaves no room for a stem is none.
  if (extension.size() + number.size() >= kMaxPart) stem = name, extension = {};
  stem = cut_utf8(stem, kMaxPart - number.size() - extension.size());
  return std::string(stem) + number + std::string(extension);
}

std::string join_parts(const std::vector<std::string>& parts) {
  std::string path;
  for (const std::string& part : parts) path += (path.empty() ? "" : "/") + part;
  return path;
}

}  // namespace talk
