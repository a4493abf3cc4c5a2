// What is typed before it is known what the peer speaks, and peers that never say.
#include "tests/support/conversation_fixture.h"

namespace talk {
namespace {

class ConversationBeginnings : public test::ConversationTest {};

TEST_F(ConversationBeginnings, ACommandTypedBeforeTheGreetingIsKept) {
  auto options = at(Role::client);
  options.piped = options.commands = true;
  start(options);
  type("/get x");
  end_input();
  EXPECT_EQ(take_sent(), "");
  conversation_->receive("TALK/1 name=prof\r\n", now_);
  EXPECT_NE(take_sent().find(encode(Get{1, "x"})), std::string::npos);
  EXPECT_FALSE(conversation_->over());
  start(options);
  type("/get x");
  conversation_->receive("hello\n", now_);
  EXPECT_TRUE(screen_.has_shown("carry no files"));
}

TEST_F(ConversationBeginnings, WhoIsAnsweredWhenItIsKnown) {
  start(at(Role::client));
  type("/who");
  EXPECT_FALSE(screen_.has_shown("info"));
  conversation_->receive("TALK/1 pid=7 name=prof\r\n", now_);
  EXPECT_TRUE(screen_.has_shown("process 7, TALK/1"));
  start(at(Role::handler));  // a visitor may never say anything
  type("/who");
  EXPECT_TRUE(screen_.has_shown("10.0.0.7"));
}

TEST_F(ConversationBeginnings, APeerWithOurOwnNameIsToldApart) {
  start(at(Role::handler));
  conversation_->receive("TALK/1 name=prof\r\n", now_);
  receive(Text{"I am you"});
  EXPECT_TRUE(screen_.has_shown("theirs prof@10.0.0.7: I am you"));
}

TEST_F(ConversationBeginnings, AByeTypedBeforeTheGreetingComesAfterTheWords) {
  auto options = at(Role::client);
  options.piped = options.commands = true;
  start(options);
  type("hello");
  type("/bye");
  EXPECT_FALSE(conversation_->over());
  conversation_->receive("TALK/1 name=prof\r\n", now_);
  conversation_->tick(now_);
  const std::string sent = take_sent();
  EXPECT_NE(sent.find(encode(Text{"hello"})), std::string::npos);
  EXPECT_TRUE(sent.ends_with(encode(Bye{})));
}

TEST_F(ConversationBeginnings, WhatIsTypedBeforeTheGreetingKeepsItsOrder) {
  for (const bool framed : {true, false}) {
    start(at(Role::client));
    for (const char* line : {"one", "/get x", "two"}) type(line);
    EXPECT_EQ(take_sent(), "");
    conversation_->receive(framed ? "TALK/1 name=prof\r\n" : "hello\n", now_);
    std::string sent = take_sent();
    if (framed) {
      const std::string one = encode(Text{"one"}) + encode(Get{1, "x"}) + encode(Text{"two"});
      EXPECT_NE(sent.find(one), std::string::npos);
      continue;
    }
    EXPECT_EQ(sent, "one\n");
    EXPECT_FALSE(screen_.has_shown("carry no files"));
    pass(kKeptLineSpacing);
    EXPECT_TRUE(screen_.has_shown("carry no files"));
    EXPECT_EQ(take_sent(), "two\n");
  }
}

TEST_F(ConversationBeginnings, TheDesksWordsAreHeldThreeSecondsForASilentVisitor) {
  start(at(Role::handler));
  take_sent();
  type("welcome");
  EXPECT_EQ(take_sent(), "");
  pass(kGreetingPatience);
  take_sent();  // the welcome, by itself
  pass(kKeptLineSpacing);
  EXPECT_EQ(take_sent(), "welcome\n");
  start(at(Role::handler));
  take_sent();
  type("welcome");
  conversation_->receive("TALK/1\r\n", now_);
  EXPECT_TRUE(take_sent().ends_with(encode(Text{"welcome"})));
}

// With nc one sees a greeting that means nothing, and no hint that somebody waits.
TEST_F(ConversationBeginnings, AVisitorThatIsSilentIsToldOnceHowToTalk) {
  start(at(Role::handler));
  take_sent();
  pass(kGreetingPatience - milliseconds(1));
  EXPECT_EQ(take_sent(), "");
  pass(milliseconds(1));
  EXPECT_EQ(take_sent(), "-- you are talking with prof: type a line, and Enter sends it\n");
  pass(seconds(100));
  conversation_->receive("hello\n", now_);
  pass(seconds(100));
  EXPECT_EQ(take_sent(), "");
}

// A homework program reads what comes as an answer.
TEST_F(ConversationBeginnings, WhoHasSpokenIsToldNothingButWords) {
  for (const char* first : {"hello\n", "h", "TALK/1 name=alice\r\n"}) {
    start(at(Role::handler));
    conversation_->receive(first, now_);
    take_sent();
    pass(seconds(3));
    pass(seconds(1));
    EXPECT_EQ(take_sent(), "") << first;
  }
}

TEST_F(ConversationBeginnings, WithNobodyAtTheDeskThereIsNoWelcome) {
  auto options = at(Role::handler);
  options.attended = false;
  start(options);
  take_sent();
  pass(seconds(100));
  EXPECT_EQ(take_sent(), "");
}

TEST_F(ConversationBeginnings, ASilentServerIsNotSaidToSpeakPlainLines) {
  start(at(Role::client));
  type("/get x");
  pass(seconds(200));
  EXPECT_TRUE(screen_.has_shown("info: connected; nothing was heard from the server yet"));
  EXPECT_FALSE(screen_.has_shown("plain lines"));
  EXPECT_FALSE(screen_.has_shown("error"));
  type("/who");
  EXPECT_TRUE(screen_.has_shown("10.0.0.7, nothing heard yet"));
  EXPECT_EQ(take_sent(), "");
  conversation_->receive("TALK/1 name=prof\r\n", now_);
  EXPECT_TRUE(screen_.has_shown("connected to <prof>"));
  EXPECT_NE(take_sent().find(encode(Get{1, "x"})), std::string::npos);
}

TEST_F(ConversationBeginnings, WordsForASilentServerAreLinesAndSoTheTalkGoesOn) {
  start(at(Role::client));
  pass(seconds(5));
  type("anybody there?");
  EXPECT_EQ(take_sent(), "anybody there?\n");
  type("/send x");
  EXPECT_TRUE(screen_.has_shown("/send cannot be done: nothing was heard from 10.0.0.7 yet"));
  conversation_->receive("TALK/1 name=prof\r\nyes\n", now_);
  EXPECT_TRUE(screen_.has_shown("info: the server has greeted now"));
  EXPECT_TRUE(screen_.has_shown("theirs 10.0.0.7: yes"));
  EXPECT_FALSE(screen_.has_shown("theirs 10.0.0.7: TALK/1"));
}

TEST_F(ConversationBeginnings, WhoLeavesASilentServerDoesNotWaitForIt) {
  start(at(Role::client));
  type("/send x");
  pass(seconds(5));
  type("/bye");
  EXPECT_TRUE(screen_.has_shown("/send cannot be done: nothing was heard from 10.0.0.7 yet"));
  EXPECT_TRUE(conversation_->over());
}

TEST_F(ConversationBeginnings, AScriptIsDoneWithAServerThatSaysNothing) {
  auto options = at(Role::client);
  options.piped = options.commands = true;
  start(options);
  type("/get x");
  end_input();
  pass(kGreetingPatience);
  EXPECT_TRUE(screen_.has_shown("/get cannot be done: nothing was heard"));
  EXPECT_TRUE(conversation_->take_half_close());
  conversation_->receive_end(now_);
  EXPECT_EQ(conversation_->outcome().code, Outcome::kTransfer);
}

TEST_F(ConversationBeginnings, WhatWasHeldForALinePeerLeavesLineByLine) {
  start(at(Role::client));
  for (const char* line : {"one", "two"}) type(line);
  pass(kGreetingPatience);
  EXPECT_EQ(take_sent(), "one\n");
  type("three");
  EXPECT_EQ(take_sent(), "");
  EXPECT_EQ(conversation_->deadline(now_), now_ + kKeptLineSpacing);
  pass(kKeptLineSpacing);
  EXPECT_EQ(take_sent(), "two\n");
  pass(kKeptLineSpacing);
  EXPECT_EQ(take_sent(), "three\n");
  type("four");
  EXPECT_EQ(take_sent(), "four\n");
}

// A pipe's link was reset before the greeting, and --retry had nothing to do with that.
TEST_F(ConversationBeginnings, ALinkThatBreaksBeforeTheGreetingIsCalledAgain) {
  for (const bool torn : {true, false}) {
    auto options = at(Role::client);
    options.piped = true;
    options.patience = seconds(60);
    start(options);
    type("hello");
    if (torn) conversation_->receive("TALK/1 pi", now_);
    torn ? conversation_->receive_end(now_) : conversation_->link_failed(ECONNRESET, now_);
    end_input();
    EXPECT_FALSE(conversation_->over() || conversation_->has_link());
    EXPECT_FALSE(screen_.has_shown("TALK/1")) << "half a greeting is no speech";
    pass(seconds(5));
    ASSERT_TRUE(conversation_->new_link("10.0.0.7", now_));
    EXPECT_EQ(take_sent(), "") << "what it speaks is not known yet";
    conversation_->receive(torn ? "hi\n" : "TALK/1 name=prof\r\n", now_);
    pass(milliseconds(0));
    const std::string sent = take_sent();
    EXPECT_NE(sent.find(torn ? "hello\n" : encode(Text{"hello"})), std::string::npos);
    EXPECT_FALSE(screen_.has_shown("gone; this is a new one"));
  }
}

TEST_F(ConversationBeginnings, AndNotForEver) {
  auto options = at(Role::client);
  options.piped = true;
  options.patience = seconds(60);
  start(options);
  type("hello");
  conversation_->link_failed(ECONNRESET, now_);
  pass(seconds(30));
  ASSERT_TRUE(conversation_->new_link("10.0.0.7", now_));
  conversation_->link_failed(ECONNRESET, now_);
  pass(seconds(30));
  EXPECT_EQ(conversation_->outcome().code, Outcome::kLost);
  EXPECT_TRUE(screen_.has_shown("error: not heard: \"hello\""));
}

TEST_F(ConversationBeginnings, WhatWasPouredInIsNotHeldUpForLong) {
  auto options = at(Role::client);
  options.piped = true;
  start(options);
  std::string all;
  for (int i = 0; i < 1000; ++i) {
    type(std::to_string(i));
    all += std::to_string(i) + "\n";
  }
  EXPECT_FALSE(conversation_->wants_input());
  pass(kGreetingPatience);
  std::string sent = take_sent();
  for (int i = 0; i < 100; ++i) {
    pass(kKeptLineSpacing);
    sent += take_sent();
  }
  EXPECT_EQ(sent, all);
}

}  // namespace
}  // namespace talk
