// What a talk that outlives its link makes of a peer that says nothing: over a further link, and of
// the last words.
#include "tests/support/conversation_links_fixture.h"

namespace talk::test {
namespace {

class ConversationSilenceTest : public ConversationLinksTest {};

// The story: a balancer took the call and said nothing; the client waited there until its patience
// was over, while the server could be reached.
TEST_F(ConversationSilenceTest, ACallThatIsTakenAndNotAnsweredIsGivenUp) {
  start_client();
  lose();
  ASSERT_TRUE(conversation_->new_link("10.0.0.9", now_));
  pass(LinkState::kGreetingTime - seconds(1));
  EXPECT_TRUE(conversation_->has_link());
  ASSERT_LE(conversation_->deadline(now_), now_ + seconds(1));
  pass(seconds(1));
  EXPECT_FALSE(conversation_->has_link());
  EXPECT_FALSE(conversation_->over());
  call_again(resumed(0));
  pass(milliseconds(0));
  EXPECT_TRUE(conversation_->has_link());
  EXPECT_EQ(screen_.status.lost_for, std::nullopt);
}

// The story: two lines that were on their way when the desk said bye were nowhere, and all was
// well.
TEST_F(ConversationSilenceTest, WhatThePeerHadNotHeardWhenItLeftIsToldAndIsNoGoodEnd) {
  start_client();
  type("heard");
  receive(Heard{1});
  type("on its way");
  receive(Bye{});
  EXPECT_TRUE(conversation_->over());
  EXPECT_TRUE(screen_.has_shown("not heard: \"on its way\""));
  EXPECT_FALSE(screen_.has_shown("not heard: \"heard\""));
  EXPECT_EQ(conversation_->outcome().code, Outcome::kLost);
}

TEST_F(ConversationSilenceTest, AtTheDeskAVisitorWhoLeavesEarlyLosesNothing) {
  start_handler();
  type("on its way");
  receive(Bye{});
  EXPECT_TRUE(screen_.has_shown("not heard: \"on its way\""));
  EXPECT_EQ(conversation_->outcome().code, Outcome::kFine);
}

}  // namespace
}  // namespace talk::test
