// One talk's links: every event in every stage.
#include "common/session/link_state.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

namespace talk {
namespace {

const Time kNow{seconds(100)};

using Step = std::function<void(LinkState&)>;

void lose(LinkState& link) { (void)link.lost("reset", kNow); }
void drop(LinkState& link) { link.dropped(); }
void call(LinkState& link) { link.called(kNow); }
void greet(LinkState& link) { link.greeted(); }
void prove(LinkState& link) { (void)link.proved(); }

TEST(LinkState, KnowsWhetherThereIsALinkAndSinceWhenThereIsNone) {
  const struct {
    const char* what;
    std::vector<Step> steps;
    bool exists;
    bool lost;
    bool proof_is_news;
  } rows[] = {
      {"the first", {}, true, false, false},
      {"the first, over which the peer answers", {prove}, true, false, false},
      {"lost", {lose}, false, true, false},
      {"lost twice", {lose, lose}, false, true, false},
      {"a call", {lose, call}, true, true, false},
      {"a call that answers before it has greeted", {lose, call, prove}, true, true, false},
      {"a call of somebody else", {lose, call, drop}, false, true, false},
      {"a call that is lost", {lose, call, lose}, false, true, false},
      {"a call that greets", {lose, call, greet}, true, false, true},
      {"that is proved", {lose, call, greet, prove}, true, false, false},
      {"that is lost unproved", {lose, call, greet, lose}, false, true, false},
      {"a third", {lose, call, greet, prove, lose, call, greet}, true, false, true},
  };
  for (const auto& row : rows) {
    LinkState link;
    for (const Step& step : row.steps) step(link);
    EXPECT_EQ(link.exists(), row.exists) << row.what;
    EXPECT_EQ(link.lost_since().has_value(), row.lost) << row.what;
    EXPECT_EQ(link.lost_by(), row.lost ? "reset" : "") << row.what;
    EXPECT_EQ(link.proved(), row.proof_is_news) << row.what;
  }
}

TEST(LinkState, TheFirstLossCountsUntilALinkIsGreetedOver) {
  LinkState link;
  EXPECT_TRUE(link.lost("reset", kNow));
  link.called(kNow);
  EXPECT_FALSE(link.lost("timed out", kNow + seconds(5)));
  EXPECT_EQ(link.lost_since(), kNow);
  EXPECT_EQ(link.lost_by(), "reset");

  link.called(kNow + seconds(6));
  link.greeted();
  EXPECT_TRUE(link.lost("timed out", kNow + seconds(9)));
  EXPECT_EQ(link.lost_since(), kNow + seconds(9));
  EXPECT_EQ(link.lost_by(), "timed out");
}

TEST(LinkState, OnlyAFurtherLinkOwesAGreeting) {
  LinkState link;
  EXPECT_EQ(link.greeting_due(), std::nullopt);
  (void)link.lost("reset", kNow);
  EXPECT_EQ(link.greeting_due(), std::nullopt);
  link.called(kNow);
  EXPECT_EQ(link.greeting_due(), kNow + LinkState::kGreetingTime);
  link.dropped();
  EXPECT_EQ(link.greeting_due(), std::nullopt);
  link.called(kNow);
  link.greeted();
  EXPECT_EQ(link.greeting_due(), std::nullopt);
}

}  // namespace
}  // namespace talk
