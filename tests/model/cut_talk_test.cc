// A talk outlives its link at whatever byte that is cut, and however often.
#include "tests/model/cut_talk.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "common/text/decimal.h"

namespace talk::test {
namespace {

// make cuts step=1 rounds=2000: every byte, and as many random talks as are asked for.
std::uint64_t setting(const char* name, std::uint64_t otherwise) {
  const char* const value = std::getenv(name);
  return decimal<std::uint64_t>(value != nullptr ? value : "").value_or(otherwise);
}

// Before both have greeted there is no talk yet.
constexpr std::uint64_t kGreetings = 200;

std::uint64_t bytes_of_a_whole_talk() {
  CutTalk whole({}, 1);
  EXPECT_TRUE(whole.run()) << whole.wrong();
  EXPECT_EQ(whole.wrong(), "");
  return whole.carried();
}

TEST(CutTalkTest, AtAnyByte) {
  const std::uint64_t step = setting("TALK_CUT_STEP", 61);
  const std::uint64_t last = bytes_of_a_whole_talk();
  ASSERT_GT(last, 10'000u);
  std::size_t cuts = 0;
  for (std::uint64_t at = kGreetings; at < last; at += step) {
    CutTalk talk({at}, static_cast<unsigned>(at));
    ASSERT_TRUE(talk.run()) << "cut at byte " << at << " it does not end\n" << talk.wrong();
    ASSERT_EQ(talk.wrong(), "") << "cut at byte " << at;
    cuts += talk.cuts_made();
  }
  EXPECT_GT(cuts, (last - kGreetings) / step / 2);
}

TEST(CutTalkTest, AsOftenAsOneLikes) {
  const std::uint64_t rounds = setting("TALK_CUT_ROUNDS", 100);
  for (unsigned round = 0; round < rounds; ++round) {
    Mutator random({}, round);
    std::deque<std::uint64_t> cuts{kGreetings + random.up_to(3'000)};
    for (std::size_t more = random.up_to(12); more > 0; --more)
      cuts.push_back(1 + random.up_to(random.one_in(2) ? 200 : 3'000));
    CutTalk talk(cuts, round);
    ASSERT_TRUE(talk.run()) << "round " << round << " does not end\n" << talk.wrong();
    ASSERT_EQ(talk.wrong(), "") << "round " << round;
  }
}

}  // namespace
}  // namespace talk::test
