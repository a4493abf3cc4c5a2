#include "common/session/send_gate.h"

#include <gtest/gtest.h>

#include "common/wire/limits.h"

namespace talk {
namespace {

constexpr int kNoSocket = -1;

TcpReading reading(std::uint64_t rate, int min_rtt, std::uint64_t acknowledged,
                   std::size_t queued) {
  return {rate, std::chrono::microseconds(min_rtt), acknowledged, queued};
}

// A link that takes `rate` bytes a second, while the kernel says that it takes `told`.
// Returns the longest queue, in bytes, and what was carried in a second.
struct Carried {
  std::uint64_t bytes = 0;
  std::uint64_t longest_queue = 0;
};
Carried carry(std::uint64_t rate, std::uint64_t told, int min_rtt) {
  SendGate gate(kNoSocket);
  Carried carried;
  std::uint64_t queue = 0;
  Time now{};
  for (int tick = 0; tick < 10'000; ++tick, now += std::chrono::microseconds(100)) {
    const std::uint64_t moved = std::min(queue, rate / 10'000);
    queue -= moved;
    carried.bytes += moved;
    while (true) {
      const auto decision = gate.decide(reading(told, min_rtt, carried.bytes, queue), now);
      if (decision.budget == 0) break;
      queue += decision.budget;
    }
    carried.longest_queue = std::max(carried.longest_queue, queue);
  }
  return carried;
}

TEST(SendGateTest, SmallFramesAndAShortQueueOnASlowLink) {
  const Time now{};
  SendGate gate(kNoSocket);
  gate.decide(reading(1'250'000, 5'000, 0, 0), now);
  const Time later = now + milliseconds(10);
  EXPECT_EQ(gate.decide(reading(1'250'000, 5'000, 20'000, 20'000), later).budget, 4'096u);
  const auto closed = gate.decide(reading(1'250'000, 5'000, 20'000, 34'000), later);
  EXPECT_EQ(closed.budget, 0u);
  ASSERT_TRUE(closed.look_again);
  EXPECT_GE(*closed.look_again, later + milliseconds(1));
  EXPECT_LE(*closed.look_again, later + milliseconds(5));
}

TEST(SendGateTest, AConnectionThatWasNeverBusyMayBegin) {
  SendGate gate(kNoSocket);
  EXPECT_EQ(gate.decide(reading(0, 0, 0, 0), Time{}).budget, 4'096u);
  EXPECT_EQ(gate.decide(reading(0, 0, 0, 20'000), Time{}).budget, 0u);
}

TEST(SendGateTest, TheLinkIsKeptBusyAndTheQueueShort) {
  for (const std::uint64_t rate : {125'000u, 1'250'000u, 12'500'000u, 125'000'000u}) {
    const Carried carried = carry(rate, rate, 1'000);
    EXPECT_GE(carried.bytes, rate / 10'000 * 9'800) << rate;
    EXPECT_LE(carried.longest_queue, std::max<std::uint64_t>(20'000, rate / 40)) << rate;
  }
}

TEST(SendGateTest, ARateThatIsTooHighIsNotBelieved) {
  const Carried carried = carry(1'250'000, 2'000'000'000, 100);
  EXPECT_LE(carried.longest_queue, 80'000u);
}

TEST(SendGateTest, FramesGrowOnAFastLink) {
  const Carried carried = carry(1'500'000'000, 1'500'000'000, 30);
  EXPECT_GE(carried.bytes, 1'450'000'000u);
}

TEST(SendGateTest, WithoutNumbersTheFramesAreSmall) {
  SendGate gate(kNoSocket);
  EXPECT_EQ(gate.decide(std::nullopt, Time{}).budget, SendGate::kBlindFrame);
}

}  // namespace
}  // namespace talk
