// Whether the other side is still there, from when it was last heard. Pure: the time is handed in.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "common/posix/clock.h"

namespace talk {

class Liveness {
 public:
  static constexpr seconds kAskAfter{5};    // nothing heard: ping
  static constexpr seconds kWorryAfter{3};  // no answer: say so
  static constexpr seconds kGiveUpAfter{60};

  explicit Liveness(Time now) : heard_(now), excused_(now), next_ping_(now + kAskAfter) {}

  void heard(Time now);
  // This side does not read what comes, of which the kernel holds `waiting` bytes: silence says
  // nothing. Its pings, a sign of its own life, go out only while that still grows. A peer that
  // waits for room has its kernel's word that this side lives; one that has closed with its last
  // words still on the way would answer with a reset, and they would be lost.
  void not_listening(Time now, std::size_t waiting);
  // The peer says nothing and its machine still answers: it does not read, which is allowed.
  void excuse(Time now) { excused_ = now; }

  // Whether to ping now; it counts as done. The payload is what pong() wants back.
  std::optional<std::string> take_ping(Time now);
  // The payload of a ping that is sent for another reason.
  std::string ping(Time now);
  void pong(std::string_view payload, Time now);

  // How long nothing was heard, once that is worth saying.
  std::optional<seconds> silent_for(Time now) const;
  bool given_up(Time now) const { return now >= gives_up_at(); }
  std::optional<std::chrono::microseconds> round_trip() const { return round_trip_; }
  // When the next of all this is due: never in the past, but for a ping that may be sent.
  Time deadline(Time now, bool may_ping) const;

 private:
  Time worries_at() const { return heard_ + kAskAfter + kWorryAfter; }
  Time gives_up_at() const { return std::max(heard_, excused_) + kGiveUpAfter; }

  Time heard_;  // or was not listening
  Time excused_;
  Time next_ping_;
  std::optional<std::size_t> waiting_;         // where this side does not listen
  std::optional<std::size_t> waiting_before_;  // when a ping was last due
  std::optional<std::chrono::microseconds> round_trip_;
};

}  // namespace talk
