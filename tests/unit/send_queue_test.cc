#include "common/session/send_queue.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace talk {
namespace {

using Cause = SendQueue::Cause;

TEST(SendQueue, CountsBytesByTheirCauseWhereverTheyAreCut) {
  for (std::size_t bite = 1; bite <= 9; ++bite) {
    SendQueue queue(100);
    ASSERT_TRUE(queue.append("abc", Cause::own));
    ASSERT_TRUE(queue.append("de", Cause::answer));
    ASSERT_TRUE(queue.append("fgh", Cause::answer));
    ASSERT_TRUE(queue.append("", Cause::own));
    ASSERT_TRUE(queue.append("i", Cause::own));
    EXPECT_EQ(queue.own(), 4u);
    EXPECT_EQ(queue.answers(), 5u);
    std::string sent;
    while (!queue.empty()) {
      sent += queue.view().substr(0, bite);
      queue.consume(std::min(bite, queue.size()));
      const auto left = std::string_view("abcdefghi").substr(sent.size());
      EXPECT_EQ(queue.answers(),
                static_cast<std::size_t>(std::count_if(
                    left.begin(), left.end(), [](char c) { return c >= 'd' && c <= 'h'; })));
    }
    EXPECT_EQ(sent, "abcdefghi");
  }
}

TEST(SendQueue, WhatDoesNotFitIsNotTaken) {
  SendQueue queue(4);
  EXPECT_TRUE(queue.append("abc", Cause::own));
  EXPECT_FALSE(queue.append("de", Cause::answer));
  EXPECT_EQ(queue.answers(), 0u);
  EXPECT_EQ(queue.view(), "abc");
}

}  // namespace
}  // namespace talk
