#include "common/session/liveness.h"

#include <algorithm>
#include <utility>

#include "common/wire/integers.h"

namespace talk {
namespace {

std::uint64_t stamp(Time time) {
  return static_cast<std::uint64_t>(time.time_since_epoch().count());
}

}  // namespace

void Liveness::heard(Time now) {
  heard_ = now;
  next_ping_ = now + kAskAfter;
  waiting_.reset();
  waiting_before_.reset();
}

void Liveness::not_listening(Time now, std::size_t waiting) {
  heard_ = now;
  waiting_ = waiting;
}

std::optional<std::string> Liveness::take_ping(Time now) {
  if (now < next_ping_) return std::nullopt;
  next_ping_ = now + kAskAfter;
  const std::optional<std::size_t> before = std::exchange(waiting_before_, waiting_);
  if (waiting_ && (!before || *waiting_ <= *before)) return std::nullopt;
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
  if (now < worries_at()) return std::nullopt;
  return std::chrono::duration_cast<seconds>(now - heard_);
}

Time Liveness::deadline(Time now, bool may_ping) const {
  // "heard … ago" counts on
  Time next = std::min(gives_up_at(), std::max(worries_at(), now + seconds(1)));
  if (may_ping) next = std::min(next, next_ping_);
  return next;
}

}  // namespace talk
