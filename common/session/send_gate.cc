#include "common/session/send_gate.h"

#include <algorithm>
#include <cstdint>

#include "common/wire/limits.h"

namespace talk {
namespace {

constexpr double kQueueTime = 0.020;  // seconds of the link's work, beyond a round trip
constexpr double kFrameTime = 0.003;  // seconds of the link's work in one frame
constexpr std::size_t kSmallestFrame = 4096;
constexpr std::size_t kLargestFrame = kMaxPayload - 4;
// Let through always, or a connection that was never busy would never show how fast it is: what
// TCP sends before the first acknowledgement.
constexpr double kFirstFlight = 14'000;
constexpr milliseconds kSoonest{1};
constexpr milliseconds kLatest{5};

}  // namespace

SendGate::SendGate(int socket) : socket_(socket) {
  if (!read_tcp(socket)) limit_unsent(socket, kBlindFrame);
}

SendGate::Decision SendGate::decide(const std::optional<TcpReading>& reading, Time now) {
  if (!reading) return {kBlindFrame, std::nullopt};
  const auto rate = static_cast<double>(reading->rate);
  const double round_trip = std::chrono::duration<double>(reading->min_rtt).count();
  const double allowed = std::max(kFirstFlight, rate * (round_trip + kQueueTime));
  const auto queued = static_cast<double>(reading->queued);
  if (queued < allowed) {
    const auto frame = static_cast<std::size_t>(std::min(rate * kFrameTime, 1e9));
    return {std::clamp(frame, kSmallestFrame, kLargestFrame), std::nullopt};
  }
  const std::chrono::duration<double> drained((queued - allowed) / std::max(rate, 1.0));
  const auto pause = std::clamp(std::chrono::duration<double, std::milli>(drained),
                                std::chrono::duration<double, std::milli>(kSoonest),
                                std::chrono::duration<double, std::milli>(kLatest));
  return {0, now + std::chrono::duration_cast<Clock::duration>(pause)};
}

}  // namespace talk
