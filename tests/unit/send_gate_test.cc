#include "common/session/send_gate.h"

#include <gtest/gtest.h>

#include "common/wire/limits.h"

namespace talk {
namespace {

using std::chrono::microseconds;

TEST(SendGateTest, SmallFramesAndAShortQueueOnASlowLink) {
  const Time now{};
  const std::uint64_t rate = 1'250'000;  // 10 Mbit/s
  const SendGate::Decision open =
      SendGate::decide(TcpReading{rate, microseconds(5'000), 20'000}, now);
  EXPECT_EQ(open.budget, 4'096u);
  const SendGate::Decision closed =
      SendGate::decide(TcpReading{rate, microseconds(5'000), 34'000}, now);
  EXPECT_EQ(closed.budget, 0u);
  ASSERT_TRUE(closed.look_again);
  EXPECT_GE(*closed.look_again, now + milliseconds(1));
  EXPECT_LE(*closed.look_again, now + milliseconds(5));
}

TEST(SendGateTest, LargeFramesOnAFastOne) {
  const TcpReading loopback{1'500'000'000, microseconds(20), 4'000'000};
  EXPECT_EQ(SendGate::decide(loopback, Time{}).budget, kMaxPayload - 4);
}

TEST(SendGateTest, AConnectionThatWasNeverBusyMayBegin) {
  EXPECT_EQ(SendGate::decide(TcpReading{}, Time{}).budget, 4'096u);
  EXPECT_EQ(SendGate::decide(TcpReading{0, microseconds(0), 20'000}, Time{}).budget, 0u);
}

TEST(SendGateTest, WithoutNumbersTheFramesAreSmall) {
  EXPECT_EQ(SendGate::decide(std::nullopt, Time{}).budget, SendGate::kBlindFrame);
}

}  // namespace
}  // namespace talk
