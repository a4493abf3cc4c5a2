#include "common/text/utf8.h"

namespace talk {
namespace {

struct Lead {
  std::size_t size;   // of the sequence, in bytes; 0: no lead byte
  char32_t bits;      // what the lead byte itself says
  unsigned char low;  // bounds of the second byte, which rule out overlong forms and surrogates
  unsigned char high;
};

Lead lead_of(unsigned char c) {
  if (c < 0xC2) return {0, 0, 0, 0};
  if (c < 0xE0) return {2, c & 0x1Fu, 0x80, 0xBF};
  if (c < 0xF0)
    return {3, c & 0x0Fu, static_cast<unsigned char>(c == 0xE0 ? 0xA0 : 0x80),
            static_cast<unsigned char>(c == 0xED ? 0x9F : 0xBF)};
  if (c < 0xF5)
    return {4, c & 0x07u, static_cast<unsigned char>(c == 0xF0 ? 0x90 : 0x80),
            static_cast<unsigned char>(c == 0xF4 ? 0x8F : 0xBF)};
  return {0, 0, 0, 0};
}

}  // namespace

Decoded decode_utf8(std::string_view text) {
  const auto first = static_cast<unsigned char>(text[0]);
  if (first < 0x80) return {first, 1, true};
  const Lead lead = lead_of(first);
  char32_t code = lead.bits;
  for (std::size_t i = 1; i < lead.size; ++i) {
    const unsigned char next = i < text.size() ? static_cast<unsigned char>(text[i]) : 0;
    const unsigned char low = i == 1 ? lead.low : 0x80;
    const unsigned char high = i == 1 ? lead.high : 0xBF;
    if (next < low || next > high) return {kReplacement, i, false};
    code = (code << 6) | (next & 0x3Fu);
  }
  if (lead.size == 0) return {};
  return {code, lead.size, true};
}

void append_utf8(std::string& out, char32_t code) {
  const auto put = [&out](char32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (code < 0x80) return put(code);
  if (code < 0x800) {
    put(0xC0 | (code >> 6));
  } else {
    if (code < 0x10000) {
      put(0xE0 | (code >> 12));
    } else {
      put(0xF0 | (code >> 18));
      put(0x80 | ((code >> 12) & 0x3F));
    }
    put(0x80 | ((code >> 6) & 0x3F));
  }
  put(0x80 | (code & 0x3F));
}

constexpr std::size_t kLongest = 4;  // bytes of a code point

std::string_view cut_utf8(std::string_view text, std::size_t most) {
  if (text.size() <= most) return text;
  for (std::size_t back = 1; back < kLongest && back <= most; ++back) {
    const Decoded decoded = decode_utf8(text.substr(most - back));
    if (decoded.valid && decoded.size > back) return text.substr(0, most - back);
  }
  return text.substr(0, most);
}

std::string_view whole_utf8(std::string_view text) {
  for (std::size_t back = 1; back < kLongest && back <= text.size(); ++back) {
    const std::string_view tail = text.substr(text.size() - back);
    const bool begun = lead_of(static_cast<unsigned char>(tail[0])).size > back;
    if (begun && decode_utf8(tail).size == back) return text.substr(0, text.size() - back);
  }
  return text;
}

}  // namespace talk
