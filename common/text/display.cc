#include "common/text/display.h"

#include <algorithm>
#include <array>

#include "common/text/likeness.h"
#include "common/text/utf8.h"
#include "common/text/width.h"

namespace talk {
namespace {

constexpr int kTab = 8;
// A line of the log goes out in one write, which a pipe takes whole up to 4 KiB.
constexpr std::size_t kMaxLogText = 1500;
constexpr char32_t kJoiner = 0x200D;
constexpr char32_t kTextStyle = 0xFE0E;
constexpr char32_t kEmojiStyle = 0xFE0F;

struct Range {
  char32_t first;
  char32_t last;
};

// Printable by the tables or of no width, yet invisible or able to reorder what stands around them.
constexpr Range kTreacherous[] = {
    {0x0080, 0x009F},     // controls, whatever the tables say
    {0x00AD, 0x00AD},     // soft hyphen
    {0x034F, 0x034F},     // grapheme joiner
    {0x061C, 0x061C},     // bidi: Arabic letter mark
    {0x115F, 0x1160},     // Hangul fillers
    {0x17B4, 0x17B5},     // invisible Khmer vowels
    {0x180B, 0x180F},     // Mongolian selectors and separator
    {0x200B, 0x200F},     // zero-width, bidi marks; the joiner is looked at apart
    {0x2028, 0x202E},     // line separators, bidi embeddings and overrides
    {0x2060, 0x206F},     // invisible operators, bidi isolates
    {0x3164, 0x3164},     // Hangul filler
    {0xE000, 0xF8FF},     // private use: nobody can say what it would be
    {0xFE00, 0xFE0D},     // variation selectors but for text and emoji style
    {0xFEFF, 0xFEFF},     // byte order mark
    {0xFFA0, 0xFFA0},     // half-width Hangul filler
    {0xFFF0, 0xFFFB},     // annotations
    {0xFFFE, 0xFFFF},     // noncharacters
    {0x13430, 0x1345F},   // Egyptian format controls and lost signs
    {0x16FE4, 0x16FE4},   // Khitan filler
    {0x1BCA0, 0x1BCA3},   // shorthand format controls
    {0x1D159, 0x1D159},   // a note without its head
    {0x1D173, 0x1D17A},   // musical controls
    {0xE0000, 0x10FFFF},  // tags, further selectors, private use
};

bool is_treacherous(char32_t code) {
  const auto* range = std::lower_bound(
      std::begin(kTreacherous), std::end(kTreacherous), code,
      [](const Range& candidate, char32_t value) { return candidate.last < value; });
  return range != std::end(kTreacherous) && code >= range->first;
}

// What may be joined into one picture.
bool is_pictograph(char32_t code) {
  return (code >= 0x1F000 && code <= 0x1FAFF) || (code >= 0x2190 && code <= 0x2BFF);
}

// What looks different in text and emoji style; behind all else a style is invisible.
bool has_styles(char32_t code) {
  constexpr std::u32string_view kOthers =  // keycaps; signs that stand outside the picture blocks
      U"0123456789#*\u00A9\u00AE\u203C\u2049\u2122\u2139\u3030\u303D\u3297\u3299";
  return is_pictograph(code) || kOthers.find(code) != std::u32string_view::npos;
}

std::string hexadecimal(char32_t code) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string digits;
  for (int shift = code > 0xFFFF ? 20 : 12; shift >= 0; shift -= 4)
    digits += kDigits[(code >> shift) & 0xF];
  return digits;
}

class DisplayWriter {
 public:
  std::string write(std::string_view text) {
    out_.reserve(text.size());
    while (!text.empty()) {
      const std::size_t plain = plain_beginning(text);
      if (plain != 0) put_plain(text.substr(0, plain));
      text.remove_prefix(plain);
      if (text.empty()) break;
      const Decoded decoded = decode_utf8(text);
      text.remove_prefix(decoded.size);
      put(decoded.code, text);
    }
    return std::move(out_);
  }

 private:
  static std::size_t plain_beginning(std::string_view text) {
    std::size_t size = 0;
    while (size < text.size() && text[size] >= 0x20 && text[size] < 0x7F) ++size;
    return size;
  }

  void put_plain(std::string_view plain) {
    out_.append(plain);
    column_ += static_cast<int>(plain.size());
    marks_ = 0;
    base_ = static_cast<unsigned char>(plain.back());
  }

  void put(char32_t code, std::string_view rest) {
    if (code == '\t')
      return put_plain(std::string(static_cast<std::size_t>(kTab - column_ % kTab), ' '));
    if (code < 0x20 || code == 0x7F)
      return put_plain({"^" + std::string(1, static_cast<char>(code ^ 0x40))});
    if (code == kJoiner && joins(rest)) return put_mark(code);
    const bool style = code == kTextStyle || code == kEmojiStyle;
    if (style && has_styles(base_)) return put_mark(code);
    const int width = code_point_width(code);
    if (width < 0 || is_treacherous(code) || style)
      return put_plain("<U+" + hexadecimal(code) + ">");
    if (width == 0) return put_mark(code);
    append_utf8(out_, code);
    column_ += width;
    marks_ = 0;
    base_ = code;
  }

  // A mark without a base would sit on whatever the screen has there.
  void put_mark(char32_t code) {
    if (base_ == 0) put(0x25CC, {});
    if (++marks_ <= kMostMarks) append_utf8(out_, code);
  }

  bool joins(std::string_view rest) const {
    return is_pictograph(base_) && !rest.empty() && is_pictograph(decode_utf8(rest).code);
  }

  std::string out_;
  int column_ = 0;
  int marks_ = 0;      // on the base
  char32_t base_ = 0;  // 0: none yet
};

// All that a person sees as a blank, or sees nothing of.
bool is_blank(char32_t code) {
  return code == ' ' || code == '\t' || code == 0xA0 || code == 0x1680 ||
         (code >= 0x2000 && code <= 0x200A) || code == 0x2028 || code == 0x2029 || code == 0x202F ||
         code == 0x205F || code == 0x2800 || code == 0x3000;
}

// One blank between words, whatever was there, and none at the ends.
std::string single_spaced(std::string_view text) {
  std::string out;
  bool gap = false;
  while (!text.empty()) {
    const Decoded decoded = decode_utf8(text);
    const std::string_view character = text.substr(0, decoded.size);
    text.remove_prefix(decoded.size);
    if (is_blank(decoded.code)) {
      gap = true;
      continue;
    }
    if (gap && !out.empty()) out += ' ';
    gap = false;
    out += character;
  }
  return out;
}

// Signs, blanks and punctuation, in whatever script: what no name has within a word.
bool sets_apart(char32_t code) {
  if (code < 0x80)
    return !(code >= '0' && code <= '9') && !(code >= 'A' && code <= 'Z') &&
           !(code >= 'a' && code <= 'z') &&
           std::string_view("._-@'+~").find(static_cast<char>(code)) == std::string_view::npos;
  return code < 0xC0 || (code >= 0x2000 && code < 0x2E80) || (code >= 0x3000 && code < 0x3040) ||
         (code >= 0xFE10 && code < 0xFE70) || (code >= 0xFF00 && code < 0xFF21);
}

// "waiting" is the one word of a title that stands without a sign.
bool could_mislead(std::string_view name) {
  if (name == "waiting") return true;
  while (!name.empty()) {
    const Decoded decoded = decode_utf8(name);
    if (sets_apart(decoded.code)) return true;
    name.remove_prefix(decoded.size);
  }
  return false;
}

}  // namespace

std::string display_text(std::string_view untrusted) { return DisplayWriter().write(untrusted); }

std::string shown_name(std::string_view untrusted) {
  const std::string shown = display_text(single_spaced(cut_utf8(untrusted, 256)));
  std::string name = single_spaced(shown);
  if (text_width(name) > kNameColumns)
    name = single_spaced(fit_width(name, kNameColumns - 1)) + "~";
  for (char& c : name)
    if (c == '<' || c == '>') c = '_';
  return name.empty() ? "someone" : name;
}

std::string name_among_words(std::string_view untrusted) {
  std::string name = shown_name(untrusted);
  return could_mislead(name) ? quoted(name) : name;
}

std::string distinct_name(std::string_view untrusted, std::string_view own,
                          std::string_view address) {
  const std::string name = shown_name(untrusted);
  if (likeness(name) != likeness(shown_name(own))) return name;
  const int room = std::max(kNameColumns / 3, kNameColumns - 1 - text_width(address));
  return std::string(fit_width(name, room)) + "@" + std::string(address);
}

std::string quoted(std::string_view untrusted) {
  std::string out = "\"";
  for (const char c : untrusted) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

std::string log_text(std::string_view untrusted) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : untrusted) {
    if (out.size() > kMaxLogText) {
      out += "...";
      break;
    }
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\')
      out += {'\\', c};
    else if (byte >= 0x20 && byte < 0x7F)
      out += c;
    else if (c == '\n')
      out += "\\n";
    else
      out += {'\\', 'x', kDigits[byte >> 4], kDigits[byte & 15]};
  }
  return out + "\"";
}

}  // namespace talk
