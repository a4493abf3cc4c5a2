// What both sides say once they know each other: by scripts, no descriptor, no clock.
#include "tests/support/conversation_fixture.h"

namespace talk {
namespace {

using test::ConversationTest;

TEST_F(ConversationTest, BothSidesSayLines) {
  start_framed(at(Role::client));
  type("hello");
  EXPECT_EQ(take_sent(), encode(Text{"hello"}));
  receive(Text{"good morning"});
  EXPECT_TRUE(screen_.has_shown("mine alice: hello"));
  EXPECT_TRUE(screen_.has_shown("theirs prof: good morning"));
}

TEST_F(ConversationTest, AnUnknownCommandIsNeverSent) {
  start_framed(at(Role::client));
  type("/sned file");
  EXPECT_EQ(take_sent(), "");
  EXPECT_TRUE(screen_.has_shown("error"));
  type("//etc is a directory");
  EXPECT_EQ(take_sent(), encode(Text{"/etc is a directory"}));
}

TEST_F(ConversationTest, OnAPipeLinesAreOnlyEverChat) {
  auto options = at(Role::client);
  options.piped = true;
  start_framed(options);
  type("/bye");
  EXPECT_EQ(take_sent(), encode(Text{"/bye"}));
  options.commands = true;
  start_framed(options);
  type("/bye");
  EXPECT_EQ(take_sent(), encode(Bye{}));
}

TEST_F(ConversationTest, PingIsAnsweredAndSilenceIsNoticed) {
  start_framed(at(Role::client));
  receive(Ping{"abc"});
  EXPECT_EQ(take_sent(), encode(Pong{"abc"}));
  pass(seconds(10));
  EXPECT_EQ(take_sent().substr(0, 1), "P");
  pass(seconds(11));
  EXPECT_EQ(screen_.status.silent_for, seconds(21));
  pass(seconds(40));
  EXPECT_EQ(conversation_->outcome().code, Outcome::kLost);
}

TEST_F(ConversationTest, SilenceSaysNothingWhileThisSideDoesNotRead) {
  start_framed(at(Role::client));
  screen_.room = false;
  EXPECT_FALSE(conversation_->wants_to_read());
  for (int i = 0; i < 100; ++i) {
    conversation_->not_listening(now_, 0);
    pass(seconds(1));
  }
  EXPECT_FALSE(conversation_->over());
}

TEST_F(ConversationTest, WhoDoesNotReadStillGivesASignOfLife) {
  start_framed(at(Role::client));
  screen_.room = false;
  conversation_->not_listening(now_, 100);
  pass(seconds(10));
  EXPECT_EQ(take_sent(), "");
  conversation_->not_listening(now_, 200);  // the peer still sends
  pass(seconds(10));
  EXPECT_EQ(take_sent().substr(0, 1), "P");
}

TEST_F(ConversationTest, AClosedWindowIsNoDeath) {
  start_framed(at(Role::handler));
  for (int i = 0; i < 100; ++i) {
    conversation_->peer_not_reading(now_);
    pass(seconds(5));
  }
  EXPECT_FALSE(conversation_->over());
  EXPECT_EQ(screen_.status.silent_for, seconds(500));
  pass(seconds(60));
  EXPECT_TRUE(conversation_->over());
}

TEST_F(ConversationTest, AFullQueueLeavesNoDeadlineInThePast) {
  auto options = at(Role::client);
  options.piped = true;
  start_framed(options);
  while (conversation_->wants_input()) type(std::string(kMaxText, 'x'));
  for (int i = 0; i < 55; ++i) {
    pass(seconds(1));
    EXPECT_GT(conversation_->deadline(now_), now_) << i;
  }
}

TEST_F(ConversationTest, NobodyAtTheDeskIsSaidOnce) {
  auto options = at(Role::handler);
  options.attended = false;
  start_framed(options);
  receive(Text{"hello?"});
  EXPECT_NE(take_sent().find("nobody is at the desk"), std::string::npos);
  receive(Text{"anyone?"});
  EXPECT_EQ(take_sent(), "");
}

TEST_F(ConversationTest, NobodyAtTheDeskIsSaidToALinePeerAsALine) {
  auto options = at(Role::handler);
  options.attended = false;
  start(options);
  take_sent();
  conversation_->receive("hello?\r\n", now_);
  const std::string answer = take_sent();
  EXPECT_TRUE(answer.starts_with("nobody is at the desk"));
  EXPECT_TRUE(answer.ends_with("\r\n"));
  conversation_->receive_end(now_);
  EXPECT_TRUE(conversation_->over());
}

TEST_F(ConversationTest, ALinePeerGetsNoFilesAndItsTypistIsTold) {
  start(at(Role::handler));
  conversation_->receive("hello\n", now_);
  take_sent();
  type("/send x");
  EXPECT_TRUE(screen_.has_shown("carry no files"));
  EXPECT_EQ(take_sent(), "");
}

TEST_F(ConversationTest, ALongLineFromAPipeIsDeliveredInParts) {
  auto options = at(Role::client);
  options.piped = true;
  start_framed(options);
  const std::string umlauts = [] {
    std::string text = "x";
    while (text.size() < kMaxText + 10) text += "ä";
    return text;
  }();
  type(umlauts);
  const std::string first = umlauts.substr(0, kMaxText - 1);
  EXPECT_EQ(take_sent(), encode(Text{first}) + encode(Text{umlauts.substr(first.size())}));
}

TEST_F(ConversationTest, ScreenCommandsGoToTheScreen) {
  start_framed(at(Role::client));
  type("/clear");
  EXPECT_FALSE(screen_.has_shown("error"));
  type("/find x");
  EXPECT_TRUE(screen_.has_shown("error: /find"));
}

TEST_F(ConversationTest, ARoundTripIsNeverNothing) {
  start(at(Role::client));
  conversation_->receive("TALK/1 name=prof\r\n", now_);
  const std::string sent = take_sent();
  const std::string payload = sent.substr(sent.size() - 8);
  now_ += std::chrono::microseconds(300);
  receive(Pong{payload});
  type("/who");
  EXPECT_TRUE(screen_.has_shown("round trip under 1 ms"));
}

}  // namespace
}  // namespace talk
