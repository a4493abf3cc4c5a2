// A talk over more than one link, seen from either side: what is said, shown and kept.
#include "tests/support/conversation_links_fixture.h"

namespace talk::test {
namespace {

TEST_F(ConversationLinksTest, BothSidesSayThatTheyCanFindEachOther) {
  start_client();
  EXPECT_TRUE(greeting_.starts_with("TALK/1 name=alice ack=1 again=60\r\n")) << greeting_;
  start_client(seconds(0));
  EXPECT_TRUE(greeting_.starts_with("TALK/1 name=alice ack=1\r\n")) << greeting_;
  Conversation::Options options = at(Role::client);
  options.patience = seconds(60);
  start(options);
  conversation_->receive("TALK/1 name=prof\r\n", now_);  // one that was written earlier
  EXPECT_TRUE(take_sent().starts_with("TALK/1 name=alice\r\n"));
}

TEST_F(ConversationLinksTest, WordsAreAcknowledgedAtOnceAndThenInPauses) {
  start_client();
  receive(Text{"one"});
  pass(milliseconds(0));
  EXPECT_EQ(take_sent(), encode(Heard{1}));
  receive(Text{"two"});
  receive(Notice{"three"});
  pass(milliseconds(0));
  EXPECT_EQ(take_sent(), "");
  pass(milliseconds(50));
  EXPECT_EQ(take_sent(), encode(Heard{3}));
}

TEST_F(ConversationLinksTest, NobodyElseIsToldOrWaitedFor) {
  start_framed(at(Role::client));
  receive(Text{"one"});
  pass(milliseconds(500));
  EXPECT_EQ(take_sent(), "");
  type("two");
  take_sent();
  type("/bye");
  EXPECT_EQ(take_sent(), encode(Bye{}));
}

TEST_F(ConversationLinksTest, OwnLinesAreUnheardUntilThePeerSaysOtherwise) {
  start_client();
  type("one");
  type("two");
  pass(milliseconds(10));
  EXPECT_EQ(screen_.status.unheard, 2u);
  EXPECT_EQ(screen_.status.late_by, std::nullopt);
  receive(Heard{1});
  pass(seconds(4));
  EXPECT_EQ(screen_.status.unheard, 1u);
  EXPECT_EQ(screen_.status.late_by, seconds(4));
  receive(Heard{2});
  pass(milliseconds(10));
  EXPECT_EQ(screen_.status.unheard, 0u);
}

TEST_F(ConversationLinksTest, HearingWhatWasNotSaidIsAnError) {
  start_client();
  type("one");
  receive(Heard{2});
  EXPECT_TRUE(conversation_->over());
  EXPECT_EQ(conversation_->outcome().code, Outcome::kFailed);
}

TEST_F(ConversationLinksTest, AByeWaitsForItsWords) {
  start_client();
  type("so long");
  take_sent();
  type("/bye");
  EXPECT_EQ(take_sent(), "");
  receive(Heard{1});
  pass(milliseconds(0));
  EXPECT_EQ(take_sent(), encode(Bye{}));
}

TEST_F(ConversationLinksTest, NothingIsLostOrDoubled) {
  start_client();
  receive(Text{"from them"});
  type("one");
  type("two");
  take_sent();
  receive(Heard{1});
  lose();
  EXPECT_FALSE(conversation_->over());
  EXPECT_FALSE(conversation_->has_link());
  EXPECT_TRUE(screen_.has_shown("the link to <prof> is gone: "));
  pass(seconds(2));
  EXPECT_EQ(screen_.status.lost_for, seconds(2));
  type("three");
  EXPECT_EQ(take_sent(), "");
  call_again("");
  EXPECT_EQ(call_, "TALK/1 name=alice many=1 ack=1 " + kTicket + " again=60 got=1\r\n");
  // Of what was sent, one more had been heard than was known.
  conversation_->receive(resumed(2) + text("again from them"), now_);
  const std::string sent = take_sent();
  EXPECT_EQ(sent.find(text("two")), sent.npos);
  EXPECT_NE(sent.find(text("three")), sent.npos);
  EXPECT_TRUE(screen_.has_shown("is there again after 2 s"));
  EXPECT_TRUE(screen_.has_shown("theirs prof: again from them"));
  EXPECT_FALSE(conversation_->take_answered());
  receive(Pong{"any"});
  EXPECT_TRUE(conversation_->take_answered());
  receive(Heard{3});
  pass(milliseconds(100));
  EXPECT_EQ(screen_.status.unheard, 0u);
  EXPECT_EQ(screen_.status.lost_for, std::nullopt);
}

TEST_F(ConversationLinksTest, TheHandlerAnswersWithWhatItHasGot) {
  start_handler();
  receive(Text{"from them"});
  type("one");
  take_sent();
  EXPECT_TRUE(conversation_->may_be_called_again(0));
  EXPECT_TRUE(conversation_->may_be_called_again(1));
  EXPECT_FALSE(conversation_->may_be_called_again(2));
  ASSERT_TRUE(conversation_->new_link("10.0.0.9", now_));  // the old one is not known to be gone
  EXPECT_EQ(take_sent(), "");
  conversation_->receive("TALK/1 name=alice ack=1 " + kTicket + " again=60 got=0\r\n", now_);
  const std::string sent = take_sent();
  EXPECT_TRUE(sent.starts_with("TALK/1 name=prof ack=1 " + kTicket + " got=1\r\n") ||
              sent.starts_with("TALK/1 name=prof many=1 ack=1 " + kTicket + " got=1\r\n"))
      << sent;
  EXPECT_NE(sent.find(text("one")), sent.npos);
}

TEST_F(ConversationLinksTest, AWrongAnswerIsNoLink) {
  start_client();
  type("one");
  take_sent();
  const std::string others[] = {
      resumed(2),                                                // more than was said
      "TALK/1 name=x ack=1 session=4-" + kToken + " got=0\r\n",  // another talk
      "ERROR: too many sessions from your address\n",
      "what is this\n",
  };
  lose();
  for (const std::string& other : others) {
    call_again(other);
    EXPECT_FALSE(conversation_->over()) << other;
    EXPECT_FALSE(conversation_->has_link()) << other;
    EXPECT_FALSE(conversation_->take_answered()) << other;
  }
  call_again(resumed(0));
  EXPECT_TRUE(conversation_->has_link());
}

TEST_F(ConversationLinksTest, WhoHandsTheLinkOnHasGreetedFirst) {
  const std::string first = "TALK/1 pid=9 name=prof ack=1 session=4-" + kToken + "\r\n";
  const std::string both = first + resumed(0);
  for (std::size_t cut = 1; cut < both.size(); ++cut) {
    start_client();
    type("one");
    take_sent();
    lose();
    call_again(both.substr(0, cut));
    conversation_->receive(both.substr(cut), now_);
    const std::string sent = take_sent();
    ASSERT_NE(sent.find(text("one")), sent.npos) << cut;
    ASSERT_TRUE(screen_.has_shown("is there again")) << cut;
  }
}

TEST_F(ConversationLinksTest, WhereTheTalkIsGoneThePersonIsToldWhatWasNotHeard) {
  start_client();
  type("one");
  type("two");
  take_sent();
  receive(Heard{1});
  lose();
  call_again("TALK/1 pid=9 name=prof ack=1 session=1-" + kToken + "\r\n" + encode(Ping{"x"}));
  EXPECT_TRUE(screen_.has_shown("error: the earlier talk is gone"));
  EXPECT_TRUE(screen_.has_shown("error: not heard: \"two\""));
  const std::string sent = take_sent();
  EXPECT_EQ(sent.find(text("two")), sent.npos);
  type("three");
  EXPECT_EQ(take_sent(), text("three"));
  receive(Heard{1});  // counted anew
  EXPECT_FALSE(conversation_->over());
}

TEST_F(ConversationLinksTest, APipeSaysItToTheNewTalk) {
  Conversation::Options options = at(Role::client);
  options.patience = seconds(60);
  options.piped = true;
  start(options);
  conversation_->receive("TALK/1 pid=7 name=prof ack=1 " + kTicket + "\r\n", now_);
  type("one");
  type("two");
  end_input();
  take_sent();
  receive(Heard{1});
  lose();
  call_again("TALK/1 pid=9 name=prof ack=1 session=1-" + kToken + "\r\n" + encode(Ping{"x"}));
  const std::string sent = take_sent();
  EXPECT_NE(sent.find(text("two")), sent.npos);
  EXPECT_EQ(sent.find(text("one")), sent.npos);
  EXPECT_EQ(sent.find(encode(Bye{})), sent.npos);
  receive(Heard{2});  // with the notice before it
  pass(milliseconds(0));
  EXPECT_EQ(take_sent(), encode(Bye{}));
}

// A handler that greets and dies, again and again, is no more than one that is not there.
TEST_F(ConversationLinksTest, LinksThatComeAndGoWithoutAnAnswerGainNoTime) {
  start_client();
  lose();
  for (int call = 0; call < 5; ++call) {
    pass(seconds(11));
    call_again(resumed(0));
    ASSERT_TRUE(conversation_->has_link());
    lose();
  }
  EXPECT_FALSE(conversation_->over());
  pass(seconds(5));
  EXPECT_TRUE(conversation_->over());
}

TEST_F(ConversationLinksTest, ALinkThatHasAnsweredGivesAllTheTimeAgain) {
  start_client();
  lose();
  pass(seconds(59));
  call_again(resumed(0));
  receive(Pong{"any"});
  lose();
  pass(seconds(59));
  EXPECT_FALSE(conversation_->over());
  pass(seconds(1));
  EXPECT_TRUE(conversation_->over());
}

// Files only: a server that knows of no earlier talk will do.
TEST_F(ConversationLinksTest, WhoMovesFilesCallsAnybodyAgain) {
  Conversation::Options options = at(Role::client);
  options.patience = seconds(60);
  options.piped = options.any_talk_will_do = true;
  start(options);
  conversation_->receive("TALK/1 pid=7 name=prof\r\n", now_);  // one that was written earlier
  take_sent();
  lose();
  EXPECT_FALSE(conversation_->over());
  call_again("TALK/1 pid=8 name=prof\r\n" + encode(Ping{"x"}));
  EXPECT_EQ(call_, "TALK/1 name=alice many=1 ack=1 again=60\r\n");
  EXPECT_TRUE(conversation_->has_link());
  EXPECT_TRUE(screen_.has_shown("info: the earlier talk is gone")) << screen_.shown.back();
}

TEST_F(ConversationLinksTest, PatienceEnds) {
  start_client();
  type("one");
  take_sent();
  lose();
  pass(seconds(59));
  EXPECT_FALSE(conversation_->over());
  pass(seconds(1));
  EXPECT_TRUE(conversation_->over());
  EXPECT_EQ(conversation_->outcome().code, Outcome::kLost);
  EXPECT_TRUE(screen_.has_shown("not heard: \"one\""));
}

TEST_F(ConversationLinksTest, ThePersonGivesUpOrHurries) {
  start_client();
  lose();
  type("");  // an empty line is a line
  EXPECT_FALSE(conversation_->take_call_now());
  nudge();
  EXPECT_TRUE(conversation_->take_call_now());
  type("/bye");
  EXPECT_TRUE(conversation_->over());
  EXPECT_EQ(conversation_->outcome().code, Outcome::kLost);
}

// The client went on calling behind a ^D, deaf to /bye, and left with 0 when the link was back.
TEST_F(ConversationLinksTest, ThePersonEndsTheInputWithoutALink) {
  start_client();
  type("one");
  lose();
  end_input();
  EXPECT_TRUE(conversation_->over());
  EXPECT_EQ(conversation_->outcome().code, Outcome::kLost);
  EXPECT_TRUE(screen_.has_shown("not heard: \"one\""));
}

TEST_F(ConversationLinksTest, ALinkThatIsLostBehindTheEndOfInputCanBeGivenUp) {
  start_client();
  type("one");
  end_input();
  EXPECT_FALSE(conversation_->over());
  lose();
  type("two");
  EXPECT_FALSE(conversation_->over());
  type("/bye");
  EXPECT_TRUE(conversation_->over());
  EXPECT_EQ(conversation_->outcome().code, Outcome::kLost);
  EXPECT_TRUE(screen_.has_shown("not heard: \"one\""));
}

TEST_F(ConversationLinksTest, ASilentLinkIsLeftByEnter) {
  start_client();
  nudge();
  EXPECT_TRUE(conversation_->has_link());
  pass(seconds(9));
  take_sent();
  nudge();
  EXPECT_FALSE(conversation_->has_link());
}

TEST_F(ConversationLinksTest, ScreensTakeNoMoreThanIsKept) {
  start_client();
  lose();
  for (int i = 0; i < 15; ++i) type(std::string(60'000, 'x'));
  EXPECT_TRUE(conversation_->wants_input());
  for (int i = 0; i < 5; ++i) type(std::string(60'000, 'x'));
  EXPECT_FALSE(conversation_->wants_input());
}

TEST_F(ConversationLinksTest, AFrozenPeersLastBytesAreNotMixedWithTheNextLink) {
  start_client();
  conversation_->receive(text("half").substr(0, 7), now_);
  lose();
  call_again(resumed(0) + text("whole"));
  EXPECT_TRUE(screen_.has_shown("theirs prof: whole"));
  EXPECT_FALSE(screen_.has_shown("half"));
}

}  // namespace
}  // namespace talk::test
