// Tells a peer that has stopped reading, which may last as long as its person likes, from one whose
// machine or cable is gone: by whether the other end's TCP still answers. Pure: what the kernel
// says and the time are handed in.
#pragma once

#include <optional>

#include "common/posix/clock.h"
#include "common/posix/tcp_gauge.h"

namespace talk {

class LinkWatch {
 public:
  // `patience` is how long the other end may owe an answer.
  explicit LinkWatch(seconds patience) : patience_(patience) {}

  enum class Verdict { nothing_to_say, not_reading, dead };
  Verdict look(const std::optional<TcpSigns>& signs, Time now);

 private:
  seconds patience_;
  std::optional<Time> unanswered_since_;
};

}  // namespace talk
