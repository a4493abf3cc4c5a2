#include "common/posix/parallel_for.h"

#include <gtest/gtest.h>

#include <vector>

namespace talk::test {
namespace {

TEST(ParallelFor, EachItemOnceAndAllDoneAtTheReturn) {
  ParallelFor parallel(4);
  for (std::size_t count = 0; count < 200; ++count) {
    std::vector<int> calls(count);
    parallel.for_each(count, [&](std::size_t i) { ++calls.at(i); });
    EXPECT_EQ(calls, std::vector<int>(count, 1));
  }
}

// Both calls wait until the other is being made: one thread alone would never be done with it.
TEST(ParallelFor, TwoCallsAtOnce) {
  ParallelFor parallel(4);
  std::atomic<int> begun = 0;
  parallel.for_each(2, [&](std::size_t) {
    ++begun;
    begun.notify_all();
    for (int now; (now = begun) < 2;) begun.wait(now);
  });
  EXPECT_EQ(begun, 2);
}

}  // namespace
}  // namespace talk::test
