#include "common/text/likeness.h"

#include <algorithm>
#include <cwctype>
#include <iterator>
#include <string_view>

#include "common/text/utf8.h"
#include "common/text/width.h"

namespace talk {
namespace {

struct Pair {
  char32_t code;
  char like;
};

// In the order of their codes.
constexpr Pair kLatinLooking[] = {
    {U'\u0131', 'i'}, {U'\u0251', 'a'}, {U'\u0261', 'g'}, {U'\u0391', 'a'}, {U'\u0392', 'b'},
    {U'\u0395', 'e'}, {U'\u0396', 'z'}, {U'\u0397', 'h'}, {U'\u0399', 'i'}, {U'\u039a', 'k'},
    {U'\u039c', 'm'}, {U'\u039d', 'n'}, {U'\u039f', 'o'}, {U'\u03a1', 'p'}, {U'\u03a4', 't'},
    {U'\u03a5', 'y'}, {U'\u03a7', 'x'}, {U'\u03b1', 'a'}, {U'\u03b9', 'i'}, {U'\u03ba', 'k'},
    {U'\u03bd', 'v'}, {U'\u03bf', 'o'}, {U'\u03c1', 'p'}, {U'\u03c5', 'u'}, {U'\u03f2', 'c'},
    {U'\u03f3', 'j'}, {U'\u0405', 's'}, {U'\u0406', 'i'}, {U'\u0408', 'j'}, {U'\u0410', 'a'},
    {U'\u0412', 'b'}, {U'\u0415', 'e'}, {U'\u041a', 'k'}, {U'\u041c', 'm'}, {U'\u041d', 'h'},
    {U'\u041e', 'o'}, {U'\u0420', 'p'}, {U'\u0421', 'c'}, {U'\u0422', 't'}, {U'\u0423', 'y'},
    {U'\u0425', 'x'}, {U'\u0430', 'a'}, {U'\u0432', 'b'}, {U'\u0433', 'r'}, {U'\u0435', 'e'},
    {U'\u043a', 'k'}, {U'\u043c', 'm'}, {U'\u043d', 'h'}, {U'\u043e', 'o'}, {U'\u0440', 'p'},
    {U'\u0441', 'c'}, {U'\u0442', 't'}, {U'\u0443', 'y'}, {U'\u0445', 'x'}, {U'\u0455', 's'},
    {U'\u0456', 'i'}, {U'\u0458', 'j'}, {U'\u0475', 'v'}, {U'\u04bb', 'h'}, {U'\u04cf', 'i'},
    {U'\u0501', 'd'}, {U'\u051b', 'q'}, {U'\u051d', 'w'}, {U'\u0578', 'n'}, {U'\u057d', 'u'},
    {U'\u0585', 'o'},
};

// Letters that Unicode has as a whole, and as a letter with a mark behind it, which takes no
// column: each row begins at a code, and a blank is no such letter.
struct Marked {
  char32_t first;
  std::string_view letters;
};
constexpr Marked kMarked[] = {
    {U'\u00c0', "aaaaaa ceeeeiiii nooooo ouuuuy  aaaaaa ceeeeiiii nooooo ouuuuy y"},
    {U'\u0100', "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiii  jjkkkllllllllll"},
    {U'\u0143', "nnnnnnn  oooooo  rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs"},
    {U'\u1ea0', "aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeeeeeeeeeeeiiiioooooooooooooooooooooooo"},
    {U'\u1ee4', "uuuuuuuuuuuuuuyyyyyyyy"},
    {U'\u0386', "a eni o yu"},
    {U'\u03ac', "aeni"},
    {U'\u03cc', "ou"},
    {U'\u0400', "ee"},
    {U'\u0450', "ee     i"},
};

constexpr char32_t kWideFirst = 0xFF01;  // as ASCII from '!' on
constexpr char32_t kWideLast = 0xFF5E;
constexpr char32_t kMathLetters = 0x1D400;  // alphabets of 52, capitals first
constexpr char32_t kMathGreek = 0x1D6A4;
constexpr char32_t kMathDigits = 0x1D7CE;  // sets of ten
constexpr char32_t kMathEnd = 0x1D800;

char32_t latin(char32_t code) {
  if (code >= kWideFirst && code <= kWideLast) return code - kWideFirst + U'!';
  if (code >= kMathDigits && code < kMathEnd) return U'0' + (code - kMathDigits) % 10;
  if (code >= kMathLetters && code < kMathGreek) return U'a' + (code - kMathLetters) % 26;
  for (const Marked& row : kMarked)
    if (code >= row.first && code < row.first + row.letters.size())
      if (const char letter = row.letters[code - row.first]; letter != ' ')
        return static_cast<char32_t>(letter);
  const auto* const at = std::ranges::lower_bound(kLatinLooking, code, {}, &Pair::code);
  return at != std::end(kLatinLooking) && at->code == code ? static_cast<char32_t>(at->like) : code;
}

// One for all that look alike.
char32_t plain(char32_t code) {
  code = static_cast<char32_t>(std::towlower(static_cast<std::wint_t>(code)));
  if (code == U'0') return U'o';
  return code == U'1' || code == U'|' || code == U'i' ? U'l' : code;
}

}  // namespace

std::string likeness(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const Decoded decoded = decode_utf8(text);
    if (code_point_width(decoded.code) != 0) append_utf8(out, plain(latin(decoded.code)));
    text.remove_prefix(decoded.size);
  }
  return out;
}

}  // namespace talk
