#include "common/session/send_gate.h"

#include <algorithm>

#include "common/wire/limits.h"

namespace talk {
namespace {

using Seconds = std::chrono::duration<double>;

constexpr Seconds kQueueTime{0.020};  // of the link's work in the kernel, beyond a round trip
constexpr Seconds kFrameTime{0.003};  // of the link's work in one frame
constexpr double kSmallestFrame = 4096;
constexpr double kLargestFrame = kMaxPayload - 4;
// Let through always, or a connection that was never busy would never show how fast it is: what
// TCP sends before the first acknowledgement.
constexpr double kFirstFlight = 14'000;
// The kernel's rate is of the last few packets and can be far too high when a link that was idle
// gets busy. So the queue also grows no faster than TCP's own: to twice what has arrived lately.
constexpr double kGrowth = 2;
constexpr milliseconds kSampleEvery{1};
constexpr milliseconds kSoonest{1};
constexpr milliseconds kLatest{5};

}  // namespace

SendGate::SendGate(int socket) : socket_(socket) {
  if (!read_tcp(socket)) limit_unsent(socket, kBlindFrame);
}

// The oldest sample kept is the last one that is older than `span`.
std::uint64_t SendGate::acknowledged_within(Clock::duration span, std::uint64_t acknowledged,
                                            Time now) {
  if (samples_.empty() || now - samples_.back().when >= kSampleEvery)
    samples_.push_back({now, acknowledged});
  while (samples_.size() > 1 && now - samples_[1].when >= span) samples_.pop_front();
  return acknowledged - samples_.front().acknowledged;
}

SendGate::Decision SendGate::decide(const std::optional<TcpReading>& reading, Time now) {
  if (!reading) return {kBlindFrame, std::nullopt};
  const auto rate = static_cast<double>(reading->rate);
  const Seconds span = reading->min_rtt + kQueueTime;
  const auto arrived = static_cast<double>(acknowledged_within(
      std::chrono::duration_cast<Clock::duration>(span), reading->acknowledged, now));
  const double allowed =
      std::max(kFirstFlight, std::min(rate * span.count(), kFirstFlight + kGrowth * arrived));
  const auto queued = static_cast<double>(reading->queued);
  if (queued < allowed) {
    const double frame = std::min({rate * kFrameTime.count(), allowed - queued, kLargestFrame});
    return {static_cast<std::size_t>(std::max(frame, kSmallestFrame)), std::nullopt};
  }
  const Seconds drained((queued - allowed) / std::max(rate, 1.0));
  const Seconds pause = std::clamp<Seconds>(drained, kSoonest, kLatest);
  return {0, now + std::chrono::duration_cast<Clock::duration>(pause)};
}

}  // namespace talk
