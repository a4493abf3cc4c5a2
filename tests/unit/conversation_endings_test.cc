// How talks end: what the two sides and the person are told, and the exit code.
#include "tests/support/conversation_fixture.h"

namespace talk {
namespace {

class ConversationEndings : public test::ConversationTest {};

TEST_F(ConversationEndings, APipesEndIsByeThenHalfCloseThenTheOthersEnd) {
  auto options = at(Role::client);
  options.piped = true;
  start_framed(options);
  type("last words");
  end_input();
  EXPECT_FALSE(conversation_->take_half_close());
  EXPECT_EQ(take_sent(), encode(Text{"last words"}) + encode(Bye{}));
  EXPECT_TRUE(conversation_->take_half_close());
  EXPECT_FALSE(conversation_->take_half_close());
  receive(Text{"wait"});
  EXPECT_TRUE(screen_.has_shown("theirs prof: wait"));
  receive(Bye{});
  EXPECT_TRUE(conversation_->over());
  EXPECT_EQ(conversation_->outcome().code, Outcome::kFine);
}

TEST_F(ConversationEndings, TheOthersEndIsWaitedForTenSecondsAtMost) {
  auto options = at(Role::client);
  options.piped = true;
  start_framed(options);
  end_input();
  pass(milliseconds(9900));
  EXPECT_FALSE(conversation_->over());
  pass(milliseconds(200));
  EXPECT_TRUE(conversation_->over());
  EXPECT_EQ(conversation_->outcome().code, Outcome::kFine);
}

// The peer greeted and reset the link: 20,000 lines were lost without a word.
TEST_F(ConversationEndings, AResetBehindAByeIsNoGoodEndForWordsThatNobodyHasRead) {
  for (const bool read : {false, true}) {
    auto options = at(Role::client);
    options.piped = true;
    start_framed(options);
    type("hello");
    pass(Liveness::kAskAfter);
    const std::string ping = take_sent();
    if (read) receive(Pong{ping.substr(ping.size() - 8)});
    end_input();
    conversation_->link_failed(ECONNRESET, now_);
    EXPECT_EQ(conversation_->outcome().code, read ? Outcome::kFine : Outcome::kLost);
  }
}

// It answers pings, and never says that it has heard the words: the pipe waited for ever.
TEST_F(ConversationEndings, APeerThatReadsAndNeverSaysSoIsNotWaitedForAtAPipesEnd) {
  auto options = at(Role::client);
  options.piped = true;
  start(options);
  conversation_->receive("TALK/1 pid=7 name=prof ack=1\r\n", now_);
  type("hello");
  end_input();
  take_sent();
  pass(milliseconds(1));
  const std::string ping = take_sent();
  ASSERT_TRUE(ping.starts_with('P'));
  for (int s = 0; s < 20; ++s) {  // a peer that has stopped reading is borne
    pass(seconds(1));
    receive(Text{"wait, I am reading"});
  }
  EXPECT_FALSE(conversation_->over());
  receive(Pong{ping.substr(ping.size() - 8)});
  pass(milliseconds(9'900));
  EXPECT_FALSE(conversation_->over());
  pass(milliseconds(200));
  EXPECT_EQ(conversation_->outcome().code, Outcome::kLost);
  EXPECT_TRUE(screen_.has_shown("error: not heard: \"hello\""));
}

TEST_F(ConversationEndings, ByeIsAnsweredWithBye) {
  start_framed(at(Role::handler));
  receive(Bye{"lunch"});
  EXPECT_TRUE(conversation_->over());
  EXPECT_EQ(take_sent(), encode(Bye{}));
  EXPECT_TRUE(screen_.has_shown("<alice> has left: \"lunch\""));
}

TEST_F(ConversationEndings, AnEndWithoutByeIsALostLink) {
  start_framed(at(Role::client));
  conversation_->receive_end(now_);
  EXPECT_EQ(conversation_->outcome().code, Outcome::kLost);
}

TEST_F(ConversationEndings, AProtocolErrorEndsTheSessionWithAReasonOnBothSides) {
  start_framed(at(Role::handler));
  conversation_->receive(std::string("T\x7f\xff\xff\xff", 5), now_);
  EXPECT_TRUE(conversation_->over());
  EXPECT_NE(take_sent().find("over the limit"), std::string::npos);
  EXPECT_TRUE(screen_.has_shown("error: protocol error"));
}

TEST_F(ConversationEndings, ALinePeersEndLeavesTheDeskTenSecondsFromItsLastLine) {
  start(at(Role::handler));
  conversation_->receive("hello\n", now_);
  conversation_->receive_end(now_);
  EXPECT_FALSE(conversation_->wants_to_read());
  pass(seconds(9));
  type("still here?");
  EXPECT_TRUE(take_sent().ends_with("still here?\n"));
  pass(seconds(9));
  EXPECT_FALSE(conversation_->over());
  pass(seconds(2));
  EXPECT_TRUE(conversation_->over());
}

TEST_F(ConversationEndings, AResetEndsTheGrace) {
  start(at(Role::handler));
  conversation_->receive("hello\n", now_);
  conversation_->receive_end(now_);
  conversation_->link_failed(ECONNRESET, now_);
  EXPECT_TRUE(conversation_->over());
}

TEST_F(ConversationEndings, ARefusalAtTheDoorIsTold) {
  start(at(Role::client));
  conversation_->receive("ERROR: too many sessions from your address\n", now_);
  conversation_->receive_end(now_);
  EXPECT_EQ(conversation_->outcome().code, Outcome::kRefused);
}

TEST_F(ConversationEndings, AClientsPipeInLineModeEndsAfterTenSecondsOfSilence) {
  auto options = at(Role::client);
  options.piped = true;
  start(options);
  conversation_->receive("welcome\n", now_);
  type("x");
  end_input();
  EXPECT_EQ(take_sent(), "x\n");
  EXPECT_TRUE(conversation_->take_half_close());
  pass(seconds(9));
  conversation_->receive("answer\n", now_);
  pass(seconds(9));
  EXPECT_FALSE(conversation_->over());
  pass(seconds(2));
  EXPECT_TRUE(conversation_->over());
  EXPECT_EQ(conversation_->outcome().code, Outcome::kFine);
}

TEST_F(ConversationEndings, LeavingTellsTheOtherSideWhy) {
  start_framed(at(Role::handler));
  conversation_->leave("the window was closed", now_);
  EXPECT_EQ(take_sent(), encode(Bye{"the window was closed"}));
  EXPECT_TRUE(conversation_->over());
}

TEST_F(ConversationEndings, WhatThePeerGivesAsAReasonIsQuoted) {
  start_framed(at(Role::client));
  receive(Bye{"x\" -- ERROR: your disk is full"});
  EXPECT_TRUE(screen_.has_shown("<prof> has left: \"x\\\" -- ERROR: your disk is full\""));
  start(at(Role::client));
  conversation_->receive("ERROR: -- come in\n", now_);
  conversation_->receive_end(now_);
  EXPECT_TRUE(screen_.has_shown("error: refused by the server: \"-- come in\""));
}

TEST_F(ConversationEndings, ASilentServerIsNotSaidToBeLost) {
  start_framed(at(Role::client));
  pass(seconds(60));
  EXPECT_EQ(conversation_->outcome().code, Outcome::kLost);
  EXPECT_EQ(conversation_->outcome().reason, "nothing was heard from <prof> for 60 s");
}

TEST_F(ConversationEndings, OfAVisitorsEndOnlyWhatIsKnownIsSaid) {
  start(at(Role::handler));
  conversation_->receive("hello\n", now_);
  conversation_->receive_end(now_);
  EXPECT_TRUE(screen_.has_shown("nothing more to say; whether it still reads shows when you type"));
  type("are you there?");
  conversation_->link_failed(EPIPE, now_);
  EXPECT_TRUE(screen_.has_shown("info: the visitor has gone"));
  start(at(Role::handler));
  conversation_->receive("hello\n", now_);
  conversation_->receive_end(now_);
  pass(seconds(10));
  EXPECT_FALSE(screen_.has_shown("gone"));
  EXPECT_TRUE(screen_.has_shown("nothing was typed for 10 s"));
}

TEST_F(ConversationEndings, ALinePeerCanTellTheProgramsLastLine) {
  start(at(Role::handler));
  conversation_->receive("hello\n", now_);
  take_sent();
  conversation_->leave("I owe you 100 euros", now_);
  EXPECT_EQ(take_sent(), "-- the talk has ended: \"I owe you 100 euros\"\n");
}

TEST_F(ConversationEndings, AMistypedCommandOfAScriptIsAFailure) {
  for (const bool scripted : {true, false}) {
    auto options = at(Role::client);
    options.piped = options.commands = scripted;
    start_framed(options);
    type("/sned x");
    type("/bye");
    receive(Bye{});
    EXPECT_EQ(conversation_->outcome().code, scripted ? Outcome::kFailed : Outcome::kFine);
  }
}

TEST_F(ConversationEndings, AProtocolErrorInTheMiddleOfAFileIsAFailedTransfer) {
  start_framed(at(Role::client));
  type("/get notes.pdf");
  conversation_->receive(std::string("T\x7f\xff\xff\xff", 5), now_);
  EXPECT_EQ(conversation_->outcome().code, Outcome::kTransfer);
}

TEST_F(ConversationEndings, AByeInTheMiddleOfAFileIsAFailedTransfer) {
  start_framed(at(Role::client));
  type("/get notes.pdf");
  receive(Bye{"lunch"});
  EXPECT_EQ(conversation_->outcome().code, Outcome::kTransfer);
  EXPECT_TRUE(conversation_->outcome().reason.starts_with("<prof> has left: \"lunch\"; "));
  ASSERT_GE(screen_.shown.size(), 2u);
  EXPECT_EQ(screen_.shown[screen_.shown.size() - 2], "info: <prof> has left: \"lunch\"");
  EXPECT_NE(screen_.shown.back().find("notes.pdf"), std::string::npos);
}

}  // namespace
}  // namespace talk
