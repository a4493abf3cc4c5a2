// A counter in memory that processes share: one announces, all who wait for it wake at once.
// Nothing is left behind by a process that is killed while it waits.
#pragma once

#include <atomic>
#include <cstdint>

#include "common/posix/clock.h"

namespace talk {

class SharedEvent {
 public:
  std::uint32_t seen() const { return count_; }
  void announce();
  // Waits until something was announced after `seen`, at most `patience`; it may also return
  // early.
  void wait(std::uint32_t seen, milliseconds patience);

 private:
  std::atomic<std::uint32_t> count_;  // starts as the zeros of a new file
};

}  // namespace talk
