#include "common/wire/line_reader.h"

#include <algorithm>
#include <utility>

#include "common/text/utf8.h"

namespace talk {

using std::string_view_literals::operator""sv;

std::string_view bytes_of(Ending ending) {
  switch (ending) {
    case Ending::none:
      return {};
    case Ending::lf:
      return "\n";
    case Ending::crlf:
      return "\r\n";
    case Ending::nul:
      return std::string_view("\0", 1);
  }
  return {};
}

namespace {

// Words behind a line feed and its NUL, as a peer sends them that ends each line with both: a NUL
// stands behind a line feed or another NUL, and nowhere else.
bool are_words(std::string_view bytes) {
  char before = '\0';
  for (const char c : bytes) {
    if (c == '\0' && before != '\n' && before != '\0') return false;
    before = c;
  }
  return true;
}

}  // namespace

void LineReader::feed(std::string_view received) {
  received_.assign(received);
  position_ = 0;
  lines_ = 0;
  if (partial_.empty()) by_key_ = true;
  if (received.empty()) return;
  by_key_ &= decode_utf8(received).size == received.size();
  skip_late_ending();
}

// Of a message that was handed on without it.
void LineReader::skip_late_ending() {
  if (!std::exchange(awaits_ending_, false)) return;
  for (const Ending ending : {Ending::crlf, Ending::lf, Ending::nul}) {
    const std::string_view bytes = bytes_of(ending);
    if (!std::string_view(received_).starts_with(bytes)) continue;
    position_ = bytes.size();
    last_taken_ = bytes.back();
    last_ending_ = ending;
    return;
  }
  // The first half of one, and next() takes the second; with more behind it, a byte like others.
  const bool alone = received_.size() == 1 || lone_return_ == LoneReturn::ending;
  if (received_.front() != '\r' || !alone) return;
  position_ = 1;
  last_taken_ = '\r';
  last_ending_ = Ending::crlf;
}

// At a NUL straight behind a line feed: skips it and, where they are stale, the bytes behind it.
//   A receive of one line and nothing but NULs behind it is the peer's whole buffer. "hello\n000"
//     (0: NUL) makes block_ 9, and of "hi\n0o\n000" all up to 9 is skipped: "o" is hello's rest.
//   Where no such buffer was seen, a NUL in the middle of a line gives stale bytes away: of
//     "hi\n0llo0x\n" all behind "hi" is skipped, of "a\n0b\n" the NUL alone.
//   Behind the only line of a receive what has no ending of its own is stale too: "hi\n0llo".
void LineReader::skip_stale() {
  const std::size_t begin = position_;
  while (position_ < received_.size() && received_[position_] == '\0') ++position_;
  const bool padded = position_ == received_.size() && position_ - begin > 1;
  if (padded && lines_ == 1) block_ = received_.size();
  const std::string_view rest = std::string_view(received_).substr(position_);
  if (block_ != 0 && received_.size() % block_ == 0)
    position_ = (position_ + block_ - 1) / block_ * block_;
  else if (!are_words(rest) || (lines_ == 1 && rest.find_first_of("\n\0"sv) == rest.npos))
    position_ = received_.size();
}

std::optional<LineReader::Line> LineReader::end_line(Ending ending) {
  ++lines_;
  last_ending_ = ending;
  last_taken_ = received_[position_ - 1];
  return Line{std::exchange(partial_, {}), ending};
}

std::optional<LineReader::Line> LineReader::next() {
  while (position_ < received_.size()) {
    if (last_taken_ == '\n' && received_[position_] == '\0') {
      skip_stale();
      continue;
    }
    const bool half_ending = std::exchange(last_taken_, '\0') == '\r';
    if (half_ending && (received_[position_] == '\n' || received_[position_] == '\0')) {
      last_taken_ = received_[position_++];
      continue;
    }
    const std::string_view left = std::string_view(received_).substr(position_);
    const bool returns_end = lone_return_ == LoneReturn::ending;
    const std::size_t end =
        std::min(left.find_first_of(returns_end ? "\n\r\0"sv : "\n\0"sv), left.size());
    const std::size_t count = std::min(end, maximum_ - partial_.size());
    partial_.append(left.substr(0, count));
    position_ += count;
    if (count < end) return over_maximum();
    if (end == left.size()) break;

    ++position_;
    if (left[end] == '\r') {  // with what belongs to it, as far as it is here
      if (position_ < received_.size() &&
          (received_[position_] == '\n' || received_[position_] == '\0'))
        ++position_;
      return end_line(Ending::crlf);
    }
    const bool carriage_return = partial_.ends_with('\r');
    if (carriage_return) partial_.pop_back();
    if (left[end] == '\n' || carriage_return)
      return end_line(carriage_return ? Ending::crlf : Ending::lf);
    const bool empty = partial_.empty();
    const auto line = end_line(Ending::nul);
    position_ = received_.size();  // stale bytes
    if (!empty) return line;
  }
  return std::nullopt;
}

// A part of a message, without the beginning of a character at its end.
LineReader::Line LineReader::over_maximum() {
  std::string part = std::exchange(partial_, {});
  const std::size_t whole = whole_utf8(part).size();
  if (whole != 0) {
    partial_ = part.substr(whole);
    part.resize(whole);
  }
  return {part, Ending::none};
}

std::string LineReader::take_partial() {
  awaits_ending_ = true;
  last_taken_ = '\0';
  return std::exchange(partial_, {});
}

}  // namespace talk
