#include "common/text/keys.h"

#include <algorithm>
#include <map>

#include "common/text/utf8.h"

namespace talk {
namespace {

using Code = Key::Code;

constexpr char kEscape = '\x1b';
constexpr std::string_view kPasteBegin = "\x1b[200~";
constexpr std::string_view kPasteEnd = "\x1b[201~";
constexpr std::size_t kLongestSequence = 64;

Key control_key(char c) {
  switch (c) {
    case '\r':
    case '\n':
      return {Code::enter};
    case '\t':
      return {Code::tab};
    case '\x08':
    case '\x7f':
      return {Code::backspace};
    default:
      return {Code::control, {}, static_cast<char>(c + '@')};
  }
}

// Behind ESC [ or ESC O: parameters and the final byte.
Code sequence_key(std::string_view parameters, char final) {
  static const std::map<char, Code> kFinals = {
      {'A', Code::up},   {'B', Code::down}, {'C', Code::right},    {'D', Code::left},
      {'H', Code::home}, {'F', Code::end},  {'I', Code::focus_in}, {'O', Code::focus_out}};
  static const std::map<std::string, Code, std::less<>> kNumbers = {
      {"1", Code::home},    {"7", Code::home},      {"4", Code::end}, {"8", Code::end},
      {"5", Code::page_up}, {"6", Code::page_down}, {"3", Code::del}};
  const std::size_t semicolon = std::min(parameters.find(';'), parameters.size());
  const std::string_view number = parameters.substr(0, semicolon);
  const bool modified = semicolon < parameters.size();
  if (parameters.starts_with('<')) {  // SGR mouse: button;column;row
    if (number == "<64") return Code::wheel_up;
    if (number == "<65") return Code::wheel_down;
    return Code::other;
  }
  if (final == '~') {
    const auto found = kNumbers.find(number);
    return found == kNumbers.end() ? Code::other : found->second;
  }
  const auto found = kFinals.find(final);
  if (found == kFinals.end()) return Code::other;
  if (modified && found->second == Code::left) return Code::word_left;
  if (modified && found->second == Code::right) return Code::word_right;
  return found->second;
}

}  // namespace

std::vector<Key> KeyReader::read(std::string_view bytes) {
  held_.append(bytes);
  std::vector<Key> keys;
  while (!held_.empty() && take_one(keys)) {
  }
  return keys;
}

std::vector<Key> KeyReader::flush() {
  std::vector<Key> keys;
  while (holding()) {
    // Of a sequence or a character cut short the beginning is dropped, and what follows is looked
    // at anew.
    if (held_ == "\x1b") keys.push_back({Code::escape});
    held_.erase(0, 1);
    while (!held_.empty() && take_one(keys)) {
    }
  }
  return keys;
}

void KeyReader::add(std::vector<Key>& keys, std::size_t size, Key key) {
  held_.erase(0, size);
  keys.push_back(std::move(key));
}

// False where more bytes are needed.
bool KeyReader::take_one(std::vector<Key>& keys) {
  if (in_paste_) return take_paste(keys);
  const auto first = static_cast<unsigned char>(held_[0]);
  if (held_[0] == kEscape) return take_escape(keys);
  if (first < 0x20 || first == 0x7F) {
    add(keys, 1, control_key(held_[0]));
    return true;
  }
  const std::size_t before = held_.size();
  take_text(keys);
  return held_.size() != before;
}

// All characters up to the next control.
void KeyReader::take_text(std::vector<Key>& keys) {
  std::size_t size = 0;
  std::string text;
  while (size < held_.size()) {
    const auto c = static_cast<unsigned char>(held_[size]);
    if (c < 0x20 || c == 0x7F) break;
    const Decoded decoded = decode_utf8(std::string_view(held_).substr(size));
    if (!decoded.valid && size + decoded.size == held_.size() && c >= 0xC2 && c < 0xF5) break;
    if (decoded.valid) text.append(held_, size, decoded.size);
    size += decoded.size;
  }
  held_.erase(0, size);
  if (!text.empty()) keys.push_back({Code::text, std::move(text)});
}

bool KeyReader::take_escape(std::vector<Key>& keys) {
  if (held_.size() < 2) return false;
  const char next = held_[1];
  if (next == '[' || next == 'O') return take_csi(keys);
  if (next == kEscape) {  // ESC ESC [ D: Alt-Left of some terminals
    held_.erase(0, 1);
    return true;
  }
  if (next == '\x7f' || next == '\x08')
    add(keys, 2, {Code::word_erase});
  else
    add(keys, 2, {Code::meta, {}, next});
  return true;
}

bool KeyReader::take_csi(std::vector<Key>& keys) {
  std::size_t end = 2;
  while (end < held_.size() && held_[end] >= 0x20 && held_[end] < 0x40) ++end;
  if (end == held_.size() && end < kLongestSequence) return false;
  if (end == held_.size()) {
    add(keys, end, {Code::other});
    return true;
  }
  const std::string_view whole = std::string_view(held_).substr(0, end + 1);
  if (whole == kPasteBegin) {
    held_.erase(0, whole.size());
    in_paste_ = true;
    return !held_.empty();
  }
  // The oldest form of a mouse report: three bytes of anything follow.
  const std::size_t more = whole == "\x1b[M" ? 3 : 0;
  if (held_.size() < whole.size() + more) return false;
  add(keys, end + 1 + more, {sequence_key(whole.substr(2, end - 2), whole.back())});
  return true;
}

bool KeyReader::take_paste(std::vector<Key>& keys) {
  const std::size_t end = held_.find(kPasteEnd);
  if (end != std::string::npos) {
    std::string text = held_.substr(0, end);
    held_.erase(0, end + kPasteEnd.size());
    in_paste_ = false;
    keys.push_back({Code::paste, std::move(text)});
    return true;
  }
  if (held_.size() < longest_paste_ + kPasteEnd.size()) return false;
  std::string text = held_.substr(0, longest_paste_);
  held_.erase(0, longest_paste_);
  keys.push_back({Code::paste, std::move(text)});
  return true;
}

}  // namespace talk
