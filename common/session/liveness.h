// Whether the other side is still there, from when it was last heard. Pure: the time is handed in.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "common/posix/clock.h"

namespace talk {

class Liveness {
 public:
  static constexpr seconds kAskAfter{10};    // nothing heard: ping
  static constexpr seconds kWorryAfter{10};  // no answer: say so
  static constexpr seconds kGiveUpAfter{60};

  explicit Liveness(Time now) : heard_(now) {}

  void heard(Time now);
  // Whether to ping now; it counts as done. The payload is what pong() wants back.
  std::optional<std::string> take_ping(Time now);
  // The payload of a ping that is sent for another reason.
  std::string ping(Time now);
  void pong(std::string_view payload, Time now);

  // How long nothing was heard, once that is worth saying.
  std::optional<seconds> silent_for(Time now) const;
  bool given_up(Time now) const { return now >= heard_ + kGiveUpAfter; }
  std::optional<std::chrono::microseconds> round_trip() const { return round_trip_; }
  // When the next of all this is due.
  Time deadline(Time now) const;

 private:
  Time heard_;
  std::optional<Time> asked_;  // the last ping since anything was heard
  std::optional<Time> first_asked_;
  std::optional<std::chrono::microseconds> round_trip_;
};

}  // namespace talk
