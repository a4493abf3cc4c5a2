#include "tests/support/tty_grammar.h"

#include <array>
#include <cstdint>
#include <cstdio>
#include <regex>

namespace talk::test {
namespace {

struct Character {
  std::uint32_t code = 0;
  std::size_t size = 0;  // 0: no UTF-8
};

Character character_at(std::string_view bytes) {
  const auto byte = [&](std::size_t i) -> std::uint32_t {
    return i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0u;
  };
  const std::uint32_t first = byte(0);
  if (first < 0x80) return {first, 1};
  const std::size_t size = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  std::uint32_t code = first & (0x7Fu >> size);
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return {};
    code = code << 6 | (byte(i) & 0x3F);
  }
  constexpr std::array<std::uint32_t, 5> kLeast = {0, 0, 0x80, 0x800, 0x10000};
  const bool well_formed = first >= 0xC2 && first < 0xF5 && code >= kLeast[size] &&
                           code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF);
  return well_formed ? Character{code, size} : Character{};
}

bool between(std::uint32_t code, std::uint32_t first, std::uint32_t last) {
  return code >= first && code <= last;
}

constexpr std::uint32_t kJoiner = 0x200D;
constexpr std::uint32_t kFirstPicture = 0x2190;

// Controls, and what hides or reorders.
bool is_harmful(std::uint32_t code) {
  return code < 0x20 || between(code, 0x7F, 0x9F) || code == 0xAD || code == 0x61C ||
         code == 0x180E || between(code, 0x200B, 0x200C) || between(code, 0x200E, 0x200F) ||
         between(code, 0x2028, 0x202E) || between(code, 0x2060, 0x206F) || code == 0xFEFF ||
         between(code, 0xFFF9, 0xFFFB) || between(code, 0xE0000, 0x10FFFF);
}

bool is_mark(std::uint32_t code) { return between(code, 0x300, 0x36F); }

std::size_t sequence_size(std::string_view bytes) {
  // Cursor, erasing, attributes and colours, character set, the modes that are taken and given
  // back, the title on its stack, one title.
  static const std::regex kOurs(
      "\x1b(?:"
      R"(\[\d*(?:;\d*)?H|\[[0-2]?[JK]|\[\d*d|\[\d*G|\[[\d;]*m|\(B)"
      R"(|\[\?(?:7|12|25|1000|1004|1006|1049|2004|1)[hl]|\[\?12;25h|\[2[23];[02](?:;0)?t|[=>])"
      R"(|\[!p|\[\?3;4l|\[4l)"
      R"(|\]0;[^\x07\x1b]*\x07))");
  std::match_results<std::string_view::const_iterator> match;
  const std::string_view head = bytes.substr(0, 512);
  const bool ours = std::regex_search(head.begin(), head.end(), match, kOurs,
                                      std::regex_constants::match_continuous);
  return ours ? static_cast<std::size_t>(match.length(0)) : 0;
}

std::string quoted(std::string_view bytes) {
  std::string text;
  for (const char c : bytes.substr(0, 40)) {
    std::array<char, 8> hex{};
    std::snprintf(hex.data(), hex.size(), "\\x%02x", static_cast<unsigned char>(c));
    text += c >= 0x20 && c < 0x7F ? std::string(1, c) : hex.data();
  }
  return text;
}

std::string violation_in_text(std::string_view text) {
  int marks = 0;
  std::uint32_t before = 0;
  while (!text.empty()) {
    const Character character = character_at(text);
    if (character.size == 0) return "no UTF-8: " + quoted(text);
    if (is_harmful(character.code)) return "a harmful character: " + quoted(text);
    const bool joins = before >= kFirstPicture;
    if (character.code == kJoiner && !joins) return "a joiner of nothing: " + quoted(text);
    before = character.code;
    marks = is_mark(character.code) ? marks + 1 : 0;
    if (marks > 4) return "a pile of marks: " + quoted(text);
    text.remove_prefix(character.size);
  }
  return "";
}

}  // namespace

std::string first_violation(std::string_view output) {
  while (!output.empty()) {
    const std::size_t control = std::min(output.find_first_of("\x1b\r\n\x07"), output.size());
    const std::string wrong = violation_in_text(output.substr(0, control));
    if (!wrong.empty()) return wrong;
    output.remove_prefix(control);
    if (output.empty()) break;
    const std::size_t size = output[0] == '\x1b' ? sequence_size(output) : 1;
    if (size == 0) return "not a sequence of ours: " + quoted(output);
    if (output.starts_with("\x1b]0;")) {
      const std::string title = violation_in_text(output.substr(4, size - 5));
      if (!title.empty()) return "in the title: " + title;
    }
    output.remove_prefix(size);
  }
  return "";
}

}  // namespace talk::test
