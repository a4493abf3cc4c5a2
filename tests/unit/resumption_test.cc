// A visitor who calls again: what the process that has the talk is asked, and when the next call is
// made.
#include "common/desk/resumption.h"

#include <gtest/gtest.h>

#include <set>

#include "talk_client/call_plan.h"

namespace talk {
namespace {

const std::string kToken = "0123456789abcdef0123456789abcdef";

std::string ticket_and(const std::string& rest) { return "3-" + kToken + " " + rest; }

TEST(Resumption, IsOneLineAndReadBack) {
  const std::string read("TALK/1 name=a b\r\n\0x", 18);
  const std::string line = format_resumption({{3, kToken}, 17, read, "2001:db8::7", 43});
  EXPECT_EQ(line.find_first_of("\r\n"), line.npos);
  ASSERT_TRUE(line.starts_with("resume 3-" + kToken + " 17 43 "));
  const auto back = read_resumption(std::string_view(line).substr(7));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->ticket, (TalkTicket{3, kToken}));
  EXPECT_EQ(back->got, 17u);
  EXPECT_EQ(back->read, read);
  EXPECT_EQ(back->peer, "2001:db8::7");
  EXPECT_EQ(back->skip, 43u);
  const auto plain = read_resumption(ticket_and("3 0 - "));
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->peer + plain->read, "");
}

TEST(Resumption, WhatIsNoSuchThing) {
  const std::string ticket = "3-" + kToken;
  EXPECT_TRUE(read_resumption(ticket + " 0 0 - "));
  const std::string too_much(kMostReadOfResumed + 1, 'x');
  for (const std::string& text :
       {std::string(), ticket, ticket + " 0", ticket + " 0 0 -", ticket + " -1 0 - ",
        ticket + " x 0 - ", ticket + " 0 x - ", ticket + " 0 9999 - ", "3-" + kToken + "0 0 0 - ",
        "-" + kToken + " 0 0 - ", ticket + "  0 - ", ticket + " 0 0 - " + too_much})
    EXPECT_FALSE(read_resumption(text)) << text;
}

TEST(Resumption, SecretsAreComparedWhole) {
  EXPECT_TRUE(same_secret(kToken, std::string(kToken)));
  EXPECT_FALSE(same_secret(kToken, kToken.substr(1)));
  EXPECT_FALSE(same_secret(kToken, ""));
  for (std::size_t i = 0; i < kToken.size(); ++i) {
    std::string other = kToken;
    other[i] = 'x';
    EXPECT_FALSE(same_secret(kToken, other)) << i;
  }
}

TEST(Resumption, SecretsDiffer) {
  std::set<std::string> tokens;
  for (int i = 0; i < 100; ++i) tokens.insert(make_token());
  EXPECT_EQ(tokens.size(), 100u);
  for (const std::string& token : tokens) EXPECT_TRUE(read_ticket("1-" + token)) << token;
}

TEST(CallPlan, AtOnceThenInPausesThatDoubleUpToABound) {
  Time now = Time{} + seconds(100);
  CallPlan plan;
  for (int again = 0; again < 2; ++again) {
    EXPECT_EQ(plan.next(now, 0.5), now);
    for (const int pause : {1, 2, 4, 8, 15, 15}) {
      EXPECT_EQ(plan.next(now, 0.5), now + seconds(pause)) << pause;
    }
    plan.answered(now);
    now += seconds(1);
  }
}

// A server that answers and is gone again is not called as fast as one can.
TEST(CallPlan, NotAtOnceWhereTheLinkHasHardlyHeld) {
  const Time now = Time{} + seconds(100);
  CallPlan plan;
  plan.answered(now);
  EXPECT_EQ(plan.next(now + milliseconds(999), 0.5), now + milliseconds(1'999));
  EXPECT_EQ(plan.next(now + seconds(2), 0.5), now + seconds(4));
  plan.answered(now);
  EXPECT_EQ(plan.next(now + seconds(1), 0.5), now + seconds(1));
}

TEST(CallPlan, ALittleOff) {
  const Time now = Time{} + seconds(100);
  for (const double chance : {0.0, 0.25, 0.999}) {
    CallPlan plan;
    plan.next(now, chance);
    const auto pause = plan.next(now, chance) - now;
    EXPECT_GE(pause, milliseconds(800));
    EXPECT_LT(pause, milliseconds(1'200));
  }
}

}  // namespace
}  // namespace talk
