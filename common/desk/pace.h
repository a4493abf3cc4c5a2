// How often something may happen: so many at once, and then one at a time. Pure.
#pragma once

#include "common/posix/clock.h"

namespace talk {

class Pace {
 public:
  // At most `burst` at once, and in the long run one in each `interval`.
  Pace(milliseconds interval, int burst) : interval_(interval), ahead_(interval * (burst - 1)) {}

  // When the next may happen.
  Time next() const { return paid_until_ - ahead_; }
  bool ready(Time now) const { return now >= next(); }
  void happened(Time now) { paid_until_ = (paid_until_ > now ? paid_until_ : now) + interval_; }

 private:
  milliseconds interval_;
  milliseconds ahead_;
  Time paid_until_{};  // what has happened so far pays for the time until then
};

}  // namespace talk
