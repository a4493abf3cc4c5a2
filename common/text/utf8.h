// UTF-8, code point by code point. Bytes that are no UTF-8 are a value, not an error.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace talk {

inline constexpr char32_t kReplacement = 0xFFFD;

struct Decoded {
  char32_t code = kReplacement;
  std::size_t size = 1;  // bytes taken; of an invalid sequence, its longest valid beginning
  bool valid = false;
};

// The first code point of `text`, which is not empty. Overlong forms, surrogates and what lies
// beyond U+10FFFF are invalid (RFC 3629).
Decoded decode_utf8(std::string_view text);

void append_utf8(std::string& out, char32_t code);

// As much of the beginning of `text` as fits into `most` bytes without cutting a code point in two.
// Bytes that are no UTF-8 are cut anywhere.
std::string_view cut_utf8(std::string_view text, std::size_t most);

// `text` without the beginning of a code point at its end, whose rest may still come.
std::string_view whole_utf8(std::string_view text);

}  // namespace talk
