#include "common/wire/line_reader.h"

#include <algorithm>
#include <utility>

namespace talk {

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

void LineReader::feed(std::string_view received) {
  received_.assign(received);
  position_ = 0;
}

std::optional<LineReader::Line> LineReader::next() {
  while (position_ < received_.size()) {
    if (after_line_feed_ && received_[position_] == '\0') {
      ++position_;
      continue;
    }
    after_line_feed_ = false;
    const std::string_view left = std::string_view(received_).substr(position_);
    const auto ends = [](char c) { return c == '\n' || c == '\0'; };
    const auto found = std::find_if(left.begin(), left.end(), ends);
    const auto end = static_cast<std::size_t>(found - left.begin());
    const std::size_t count = std::min(end, maximum_ - partial_.size());
    partial_.append(left.substr(0, count));
    position_ += count;
    if (count < end) return Line{take_partial(), Ending::none};  // over the maximum
    if (end == left.size()) break;

    ++position_;
    const bool line_feed = left[end] == '\n';
    const bool carriage_return = partial_.ends_with('\r');
    if (carriage_return) partial_.pop_back();
    if (line_feed || carriage_return) {
      last_ending_ = carriage_return ? Ending::crlf : Ending::lf;
      after_line_feed_ = line_feed;
      return Line{take_partial(), last_ending_};
    }
    last_ending_ = Ending::nul;
    position_ = received_.size();  // stale bytes
    if (!partial_.empty()) return Line{take_partial(), Ending::nul};
  }
  return std::nullopt;
}

std::string LineReader::take_partial() { return std::exchange(partial_, {}); }

}  // namespace talk
