#include <gtest/gtest.h>

#include "common/posix/log.h"

namespace talk {
namespace {

constexpr std::size_t kLine = 1024;

std::size_t lines_taken(LogAllowance& allowance, Time now) {
  std::size_t lines = 0;
  while (allowance.take(kLine, now)) ++lines;
  return lines;
}

TEST(LogAllowance, MuchAtOnceAndThenLittle) {
  const Time start{};
  LogAllowance allowance(start);
  EXPECT_EQ(lines_taken(allowance, start), LogAllowance::kAtOnce / kLine);
  std::size_t later = 0;
  for (int second = 1; second <= 100; ++second)
    later += lines_taken(allowance, start + seconds(second));
  EXPECT_GT(later, 80u);
  EXPECT_LE(later, 100u);
}

// Every second line would be one that says how many were left out.
TEST(LogAllowance, OnceUsedUpItGathersFirst) {
  const Time start{};
  LogAllowance allowance(start);
  lines_taken(allowance, start);
  constexpr auto kGathered = seconds(LogAllowance::kResume / LogAllowance::kPerSecond);
  EXPECT_FALSE(allowance.take(kLine, start + kGathered - seconds(1)));
  EXPECT_TRUE(allowance.take(kLine, start + kGathered));
  EXPECT_TRUE(allowance.take(kLine, start + kGathered));
}

TEST(LogAllowance, ManyShortWaitsAreOneLongOne) {
  Time now{};
  LogAllowance allowance(now);
  lines_taken(allowance, now);
  for (int i = 0; i < 160'000; ++i) allowance.take(kLine, now += std::chrono::microseconds(100));
  EXPECT_TRUE(allowance.take(kLine, now));
}

TEST(LogAllowance, SilenceGathersNoMoreThanTheBeginning) {
  const Time start{};
  LogAllowance allowance(start);
  EXPECT_EQ(lines_taken(allowance, start + std::chrono::hours(24 * 365)),
            LogAllowance::kAtOnce / kLine);
}

}  // namespace
}  // namespace talk
