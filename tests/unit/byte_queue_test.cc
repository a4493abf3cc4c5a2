#include "common/posix/byte_queue.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace talk {
namespace {

TEST(ByteQueue, TakesAllOrNothing) {
  ByteQueue queue(4);
  EXPECT_TRUE(queue.empty());
  EXPECT_TRUE(queue.append("abc"));
  EXPECT_FALSE(queue.append("de"));
  EXPECT_EQ(queue.view(), "abc");
  EXPECT_TRUE(queue.append("d"));
  EXPECT_EQ(queue.room(), 0u);
  EXPECT_TRUE(queue.append(""));
  queue.consume(2);
  EXPECT_EQ(queue.view(), "cd");
  EXPECT_EQ(queue.room(), 2u);
  EXPECT_DEATH(queue.consume(3), "a bug in this program");
  queue.consume(2);
  EXPECT_TRUE(queue.empty());
}

TEST(ByteQueue, BehavesLikeAString) {
  std::mt19937 random(4);
  std::uniform_int_distribution<std::size_t> size(0, 60);
  ByteQueue queue(100);
  std::string model;
  for (int round = 0; round < 20000; ++round) {
    const std::string bytes(size(random), static_cast<char>('a' + round % 26));
    const bool fits = model.size() + bytes.size() <= 100;
    ASSERT_EQ(queue.append(bytes), fits);
    if (fits) model += bytes;
    const std::size_t count = std::min(size(random), model.size());
    queue.consume(count);
    model.erase(0, count);
    ASSERT_EQ(queue.view(), model);
    ASSERT_EQ(queue.room(), 100 - model.size());
  }
}

}  // namespace
}  // namespace talk
