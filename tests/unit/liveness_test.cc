#include "common/session/liveness.h"

#include <gtest/gtest.h>

namespace talk {
namespace {

TEST(Liveness, AsksWorriesAndGivesUp) {
  const Time start{};
  Liveness liveness(start);
  EXPECT_FALSE(liveness.take_ping(start + seconds(4)));
  EXPECT_TRUE(liveness.take_ping(start + seconds(5)));
  EXPECT_FALSE(liveness.take_ping(start + seconds(6)));
  EXPECT_EQ(liveness.silent_for(start + seconds(7)), std::nullopt);
  EXPECT_EQ(liveness.silent_for(start + seconds(8)), seconds(8));
  EXPECT_FALSE(liveness.given_up(start + seconds(59)));
  EXPECT_TRUE(liveness.given_up(start + seconds(60)));
}

TEST(Liveness, AnythingHeardStartsAnew) {
  const Time start{};
  Liveness liveness(start);
  ASSERT_TRUE(liveness.take_ping(start + seconds(10)));
  liveness.heard(start + seconds(15));
  EXPECT_EQ(liveness.silent_for(start + seconds(22)), std::nullopt);
  EXPECT_FALSE(liveness.take_ping(start + seconds(19)));
  EXPECT_TRUE(liveness.take_ping(start + seconds(20)));
}

TEST(Liveness, APongMeasuresTheRoundTrip) {
  const Time start = Time{} + seconds(1000);
  Liveness liveness(start);
  const auto ping = liveness.take_ping(start + seconds(10));
  ASSERT_TRUE(ping);
  liveness.pong(*ping, start + seconds(10) + milliseconds(25));
  EXPECT_EQ(liveness.round_trip(), std::chrono::microseconds(25'000));
}

TEST(Liveness, APongThatIsNoAnswerIsIgnored) {
  Liveness liveness(Time{} + seconds(1000));
  liveness.pong("", Time{} + seconds(1001));
  liveness.pong(std::string(8, '\xff'), Time{} + seconds(1001));
  liveness.pong(std::string(8, '\0'), Time{} + seconds(1001));
  EXPECT_EQ(liveness.round_trip(), std::nullopt);
}

// A peer that reads nothing leaves no room for a ping: one that was due stayed due, and the loop
// turned without a pause until the minute was over.
TEST(Liveness, APingThatCannotBeSentWakesNobody) {
  const Time start{};
  const Liveness liveness(start);
  for (const seconds passed : {seconds(4), seconds(5), seconds(25), seconds(59)}) {
    const Time now = start + passed;
    EXPECT_GT(liveness.deadline(now, false), now) << passed.count();
  }
  EXPECT_EQ(liveness.deadline(start + seconds(25), true), start + seconds(5));
}

int pings_unheard(std::size_t (*waiting)(seconds passed)) {
  const Time start{};
  Liveness liveness(start);
  int pings = 0;
  for (seconds passed{0}; passed < seconds(300); ++passed) {
    liveness.not_listening(start + passed, waiting(passed));
    EXPECT_FALSE(liveness.given_up(start + passed));
    EXPECT_EQ(liveness.silent_for(start + passed), std::nullopt);
    pings += liveness.take_ping(start + passed).has_value();
  }
  return pings;
}

TEST(Liveness, WhoDoesNotListenCannotWorryButStillPings) {
  EXPECT_EQ(pings_unheard([](seconds passed) { return static_cast<std::size_t>(passed.count()); }),
            58);
}

// The peer has said all and closed, and most of it waited in its kernel for a pager: the ping met a
// closed socket, and the reset threw three quarters of the talk away.
TEST(Liveness, WhoDoesNotListenSendsNothingToAPeerThatMayHaveClosed) {
  EXPECT_EQ(pings_unheard([](seconds) { return std::size_t{100'000}; }), 0);
}

TEST(Liveness, WhoListensAgainPingsAsBefore) {
  const Time start{};
  Liveness liveness(start);
  liveness.not_listening(start + seconds(3), 100);
  EXPECT_FALSE(liveness.take_ping(start + seconds(5)));
  liveness.heard(start + seconds(12));
  EXPECT_TRUE(liveness.take_ping(start + seconds(17)));
}

TEST(Liveness, APeerThatStoppedReadingIsBorneButItsSilenceIsSaid) {
  const Time start{};
  Liveness liveness(start);
  for (seconds passed{0}; passed < seconds(300); passed += seconds(5)) {
    liveness.excuse(start + passed);
    EXPECT_FALSE(liveness.given_up(start + passed));
  }
  EXPECT_EQ(liveness.silent_for(start + seconds(299)), seconds(299));
  EXPECT_TRUE(liveness.given_up(start + seconds(355)));
}

}  // namespace
}  // namespace talk
