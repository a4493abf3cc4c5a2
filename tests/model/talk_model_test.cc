// Whole talks at random: what was said is heard in its order, what was called stored is there with
// its bytes, and nothing else is.
#include "tests/model/talk_model.h"

#include <gtest/gtest.h>

namespace talk::test {
namespace {

class TalkModelTest : public ::testing::TestWithParam<unsigned> {};

TEST_P(TalkModelTest, KeepsItsPromises) {
  constexpr unsigned kTalks = 10;
  constexpr int kTurns = 400;
  std::uint64_t stored = 0;
  for (unsigned talk = 0; talk < kTalks; ++talk) {
    const unsigned seed = GetParam() * kTalks + talk;
    TalkModel model(seed);
    ASSERT_TRUE(model.run(kTurns)) << "seed " << seed << " does not end\n" << model.wrong();
    ASSERT_EQ(model.wrong(), "") << "seed " << seed;
    stored += model.stored();
  }
  EXPECT_GT(stored, kTalks);  // else nothing was tried
}

// The same over links that are cut: what was said is heard once and in its order, and each file
// that was sent or asked for is there, with its bytes.
TEST_P(TalkModelTest, KeepsItsPromisesOverManyLinks) {
  constexpr unsigned kTalks = 10;
  constexpr int kTurns = 400;
  std::size_t cuts = 0;
  for (unsigned talk = 0; talk < kTalks; ++talk) {
    const unsigned seed = GetParam() * kTalks + talk;
    TalkModel model(seed, TalkModel::Link::cut);
    ASSERT_TRUE(model.run(kTurns)) << "seed " << seed << " does not end\n" << model.wrong();
    ASSERT_EQ(model.wrong(), "") << "seed " << seed;
    cuts += model.cuts();
  }
  EXPECT_GT(cuts, kTalks);
}

INSTANTIATE_TEST_SUITE_P(Seeds, TalkModelTest, ::testing::Range(0U, 6U));

}  // namespace
}  // namespace talk::test
