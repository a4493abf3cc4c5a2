// The person's own lines that are not known to have arrived, each with the mark at which it will
// have: the count of words that the peer says it has heard, or the bytes that TCP has delivered.
// Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>

#include "common/posix/clock.h"

namespace talk {

class LinesUnderWay {
 public:
  // Later than this a line's delay is worth saying.
  static constexpr seconds kWorthSaying{3};

  void said(std::uint64_t mark, Time now) { lines_.push_back({mark, now}); }
  void arrived(std::uint64_t mark) {
    while (!lines_.empty() && lines_.front().mark <= mark) lines_.pop_front();
  }
  void clear() { lines_.clear(); }

  std::size_t count() const { return lines_.size(); }
  // For how long the oldest has been on its way, once that is worth saying.
  std::optional<seconds> late_by(Time now) const {
    if (lines_.empty() || now < lines_.front().said + kWorthSaying) return std::nullopt;
    return std::chrono::duration_cast<seconds>(now - lines_.front().said);
  }
  // When late_by() says something else.
  std::optional<Time> deadline(Time now) const {
    if (lines_.empty()) return std::nullopt;
    const Time late = lines_.front().said + kWorthSaying;
    return now < late ? late : now + seconds(1);
  }

 private:
  struct Line {
    std::uint64_t mark;
    Time said;
  };
  std::deque<Line> lines_;
};

}  // namespace talk
