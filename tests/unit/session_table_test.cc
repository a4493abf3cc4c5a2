#include "talk_server/session/session_table.h"

#include <gtest/gtest.h>

namespace talk {
namespace {

void begin(SessionTable& table, pid_t pid, const SessionTable::Entry& entry) {
  table.admitted(entry);
  table.began(pid, entry);
}

TEST(SessionTable, NumbersCountFromOneAndNeverComeAgain) {
  SessionTable table({.sessions = 10});
  EXPECT_EQ(table.next_number(), 1u);
  begin(table, 100, {1, "10.0.0.1"});
  ASSERT_TRUE(table.ended(100));
  EXPECT_EQ(table.next_number(), 2u);
}

TEST(SessionTable, IsFullAtItsLimitAndNotAfterAnEnd) {
  SessionTable table({.sessions = 2});
  begin(table, 100, {1, "a"});
  EXPECT_FALSE(table.full());
  begin(table, 101, {2, "a"});
  EXPECT_TRUE(table.full());
  EXPECT_EQ(table.ended(100)->number, 1u);
  EXPECT_FALSE(table.full());
  EXPECT_EQ(table.size(), 1u);
  EXPECT_EQ(table.number_of(101), 2u);
}

TEST(SessionTable, CountsEveryHostForItself) {
  SessionTable table({.sessions = 10, .per_host = 2});
  begin(table, 100, {1, "a"});
  begin(table, 101, {2, "a"});
  begin(table, 102, {3, "b"});
  EXPECT_TRUE(table.host_full("a"));
  EXPECT_FALSE(table.host_full("b"));
  EXPECT_FALSE(table.host_full("c"));
  table.ended(101);
  EXPECT_FALSE(table.host_full("a"));
}

TEST(SessionTable, WhatIsStartingCountsAndWhatCouldNotBeStartedDoesNot) {
  SessionTable table({.sessions = 2, .per_host = 1});
  table.admitted({1, "a"});
  table.admitted({2, "b"});
  EXPECT_TRUE(table.full());
  EXPECT_TRUE(table.host_full("a"));
  table.failed({1, "a"});
  table.began(100, {2, "b"});
  EXPECT_FALSE(table.full());
  EXPECT_FALSE(table.host_full("a"));
  EXPECT_TRUE(table.host_full("b"));
}

// Lingering windows once counted as sessions: a desk that had seen sixty-four visitors was full for
// a minute, with nobody there.
TEST(SessionTable, ATalkThatIsOverTakesNoPlace) {
  SessionTable table({.sessions = 2, .per_host = 2});
  begin(table, 100, {1, "a"});
  begin(table, 101, {2, "a"});
  ASSERT_TRUE(table.full());
  table.talk_over(100);
  EXPECT_FALSE(table.full());
  EXPECT_FALSE(table.host_full("a"));
  EXPECT_EQ(table.size(), 2u);  // its process is still to be collected

  begin(table, 102, {3, "a"});
  EXPECT_TRUE(table.full());
  EXPECT_EQ(table.ended(100)->number, 1u);  // and its end makes no second place
  EXPECT_TRUE(table.full());
  EXPECT_TRUE(table.host_full("a"));
  EXPECT_TRUE(table.ended(101));
  EXPECT_FALSE(table.full());
}

// Else one visitor who calls and hangs up for ever would fill the desktop with windows to be read.
TEST(SessionTable, TalksThatAreOverTakePlacesWhenTheyAreMany) {
  SessionTable table({.sessions = 2, .over = 20});
  for (pid_t pid = 1; pid <= 20; ++pid) {
    ASSERT_FALSE(table.full());
    begin(table, pid, {static_cast<std::uint64_t>(pid), "a"});
    table.talk_over(pid);
  }
  EXPECT_TRUE(table.full());
  EXPECT_TRUE(table.ended(1));
  EXPECT_FALSE(table.full());
}

// A window whose visitor had come back counted as ended: the limit could be passed.
TEST(SessionTable, ATalkThatHasLostItsLinkHasItsPlaceBackWithTheLink) {
  SessionTable table({.sessions = 2, .per_host = 1});
  begin(table, 100, {1, "a"});
  begin(table, 101, {2, "b"});
  table.talk_over(100);
  EXPECT_FALSE(table.full());
  EXPECT_FALSE(table.host_full("a"));  // it may come back
  table.talk_over(100);
  table.talk_again(100);
  table.talk_again(100);
  EXPECT_TRUE(table.full());
  EXPECT_TRUE(table.host_full("a"));
  table.talk_over(101);
  begin(table, 102, {3, "c"});  // takes the place
  table.talk_again(101);        // and nobody is thrown out
  EXPECT_TRUE(table.full());
  EXPECT_TRUE(table.ended(102));
  EXPECT_TRUE(table.full());
  EXPECT_TRUE(table.ended(100));
  EXPECT_FALSE(table.full());
  EXPECT_EQ(table.process_of(2), 101);
  EXPECT_EQ(table.process_of(1), std::nullopt);
}

TEST(SessionTable, WithoutALimitNoHostIsFull) {
  SessionTable table({.sessions = 1000});
  for (pid_t pid = 1; pid <= 500; ++pid) begin(table, pid, {static_cast<std::uint64_t>(pid), "a"});
  EXPECT_FALSE(table.host_full("a"));
}

// A process that is no session's: what the listener inherited from whoever became it by exec.
TEST(SessionTable, KnowsWhatIsNotItsOwn) {
  SessionTable table({.sessions = 1});
  EXPECT_FALSE(table.ended(77));
  begin(table, 100, {1, "a"});
  EXPECT_EQ(table.pids(), std::vector<pid_t>{100});
  EXPECT_TRUE(table.ended(100));
  EXPECT_FALSE(table.ended(100));
  EXPECT_TRUE(table.pids().empty());
}

}  // namespace
}  // namespace talk
