// Whether a disk keeps up: told by how long the latest writes took.
#pragma once

#include "common/posix/clock.h"

namespace talk {

class DiskPace {
 public:
  // A write that takes longer than this could be felt at the keyboard.
  static constexpr milliseconds kMoment{4};
  // Writes in a row that must be short before a disk is taken to keep up; twice as many after each
  // time that it did not do so after all, up to the second number.
  static constexpr unsigned kCalmAtFirst = 8;
  static constexpr unsigned kCalmAtMost = 4096;

  void took(Clock::duration time) {
    if (time < kMoment) {
      if (calm_ < needed_) ++calm_;
      return;
    }
    if (keeps_up() && needed_ < kCalmAtMost) needed_ *= 2;
    calm_ = 0;
  }
  bool keeps_up() const { return calm_ >= needed_; }

 private:
  unsigned calm_ = 0;
  unsigned needed_ = kCalmAtFirst;
};

}  // namespace talk
