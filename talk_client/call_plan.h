// When to call again a server whose link was lost: at once, where it had held for a while, then
// after pauses that double up to a bound, each a little off, so that many clients of one server do
// not all call in one moment. Pure.
#pragma once

#include <algorithm>
#include <optional>

#include "common/posix/clock.h"

namespace talk {

class CallPlan {
 public:
  static constexpr milliseconds kFirstPause{1'000};
  static constexpr milliseconds kLongestPause{15'000};

  // When the next call is due; `chance` from 0 to below 1 moves it by up to a fifth either way.
  Time next(Time now, double chance) {
    const bool at_once = calls_++ == 0 && !(answered_ && now < *answered_ + kFirstPause);
    if (at_once) return now;
    const milliseconds pause = pause_;
    pause_ = std::min(pause_ * 2, kLongestPause);
    return now + std::chrono::duration_cast<Clock::duration>(pause * (0.8 + 0.4 * chance));
  }
  // One was answered: the pauses begin anew.
  void answered(Time now) {
    *this = {};
    answered_ = now;
  }

 private:
  std::optional<Time> answered_;
  int calls_ = 0;
  milliseconds pause_ = kFirstPause;
};

}  // namespace talk
