#include "common/session/liveness.h"

#include <algorithm>

#include "common/wire/integers.h"

namespace talk {
namespace {

std::uint64_t stamp(Time time) {
  return static_cast<std::uint64_t>(time.time_since_epoch().count());
}

}  // namespace

void Liveness::heard(Time now) {
  heard_ = now;
  asked_.reset();
  first_asked_.reset();
}

std::optional<std::string> Liveness::take_ping(Time now) {
  if (now < asked_.value_or(heard_) + kAskAfter) return std::nullopt;
  asked_ = now;
  if (!first_asked_) first_asked_ = now;
  return ping(now);
}

std::string Liveness::ping(Time now) {
  std::string payload;
  put_integer(payload, stamp(now));
  return payload;
}

void Liveness::pong(std::string_view payload, Time now) {
  if (payload.size() != sizeof(std::uint64_t)) return;
  const std::uint64_t then = get_integer<std::uint64_t>(payload);
  if (then > stamp(now)) return;  // not a stamp of ours
  const Clock::duration elapsed(static_cast<Clock::rep>(stamp(now) - then));
  if (elapsed < kGiveUpAfter)
    round_trip_ = std::chrono::duration_cast<std::chrono::microseconds>(elapsed);
}

std::optional<seconds> Liveness::silent_for(Time now) const {
  if (!first_asked_ || now < *first_asked_ + kWorryAfter) return std::nullopt;
  return std::chrono::duration_cast<seconds>(now - heard_);
}

Time Liveness::deadline(Time now) const {
  Time next = std::min(asked_.value_or(heard_) + kAskAfter, heard_ + kGiveUpAfter);
  if (first_asked_) next = std::min(next, now + seconds(1));  // "heard … ago" counts on
  return next;
}

}  // namespace talk
