// Whole talks at random: what was said is heard in its order, what was called stored is there with
// its bytes, and nothing else is.
#include "tests/model/talk_model.h"

#include <gtest/gtest.h>

namespace talk::test {
namespace {

class TalkModelTest : public ::testing::TestWithParam<unsigned> {
 protected:
  static constexpr unsigned kTalks = 10;

  // What `counted` says of each of them, in all.
  template <typename Count>
  void run(TalkModel::Link link, Count counted, std::uint64_t& sum) {
    constexpr int kTurns = 400;
    for (unsigned talk = 0; talk < kTalks; ++talk) {
      const unsigned seed = GetParam() * kTalks + talk;
      TalkModel model(seed, link);
      ASSERT_TRUE(model.run(kTurns)) << "seed " << seed << " does not end\n" << model.wrong();
      ASSERT_EQ(model.wrong(), "") << "seed " << seed;
      sum += (model.*counted)();
    }
  }
};

TEST_P(TalkModelTest, KeepsItsPromises) {
  std::uint64_t stored = 0;
  run(TalkModel::Link::whole, &TalkModel::stored, stored);
  EXPECT_GT(stored, kTalks);  // else nothing was tried
}

// The same over links that are cut: what was said is heard once and in its order, and each file
// that was sent or asked for is there, with its bytes.
TEST_P(TalkModelTest, KeepsItsPromisesOverManyLinks) {
  std::uint64_t cuts = 0;
  run(TalkModel::Link::cut, &TalkModel::cuts, cuts);
  EXPECT_GT(cuts, kTalks);
}

INSTANTIATE_TEST_SUITE_P(Seeds, TalkModelTest, ::testing::Range(0U, 6U));

}  // namespace
}  // namespace talk::test
