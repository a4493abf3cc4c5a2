// The conversation by tables and scripts: no descriptor, no clock.
#include "common/session/conversation.h"

#include <gtest/gtest.h>

#include "common/wire/limits.h"
#include "tests/support/scripted_screen.h"

namespace talk {
namespace {

using test::ScriptedScreen;

constexpr std::size_t kSomeBudget = 65536;

class ConversationTest : public ::testing::Test {
 protected:
  static Conversation::Options at(Role role) {
    Conversation::Options options;
    options.role = role;
    options.my_name = role == Role::handler ? "prof" : "alice";
    options.peer_address = "10.0.0.7";
    return options;
  }

  void start(Conversation::Options options) {
    screen_ = ScriptedScreen();
    transfers_.emplace(Transfers::Options{});
    conversation_.emplace(std::move(options), screen_, *transfers_, now_);
  }
  // A client that has been greeted, or a handler that has been answered.
  void start_framed(Conversation::Options options) {
    const bool handler = options.role == Role::handler;
    start(std::move(options));
    conversation_->receive(handler ? "TALK/1 name=alice\r\n" : "TALK/1 pid=7 name=prof\r\n", now_);
    take_sent();
  }

  std::string take_sent() {
    std::string all;
    for (std::string_view bytes; !(bytes = conversation_->outgoing(kSomeBudget, now_)).empty();) {
      all.append(bytes);
      conversation_->sent(bytes.size());
    }
    return all;
  }
  void type(const std::string& line) { conversation_->input({Input::Kind::line, line}, now_); }
  void end_input() { conversation_->input({Input::Kind::end, {}}, now_); }
  void pass(milliseconds time) {
    now_ += time;
    conversation_->tick(now_);
  }
  void receive(const Message& message) { conversation_->receive(encode(message), now_); }

  Time now_ = Time{} + seconds(1000);
  ScriptedScreen screen_;
  std::optional<Transfers> transfers_;
  std::optional<Conversation> conversation_;
};

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

TEST_F(ConversationTest, ACommandTypedBeforeTheGreetingIsKept) {
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

TEST_F(ConversationTest, WhoIsAnsweredWhenItIsKnown) {
  start(at(Role::client));
  type("/who");
  EXPECT_FALSE(screen_.has_shown("info"));
  conversation_->receive("TALK/1 pid=7 name=prof\r\n", now_);
  EXPECT_TRUE(screen_.has_shown("process 7, TALK/1"));
  start(at(Role::handler));  // a visitor may never say anything
  type("/who");
  EXPECT_TRUE(screen_.has_shown("10.0.0.7"));
}

TEST_F(ConversationTest, APeerWithOurOwnNameIsToldApart) {
  start(at(Role::handler));
  conversation_->receive("TALK/1 name=prof\r\n", now_);
  receive(Text{"I am you"});
  EXPECT_TRUE(screen_.has_shown("theirs prof@10.0.0.7: I am you"));
}

TEST_F(ConversationTest, AByeTypedBeforeTheGreetingComesAfterTheWords) {
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

TEST_F(ConversationTest, WhatIsTypedBeforeTheGreetingKeepsItsOrder) {
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

TEST_F(ConversationTest, TheDesksWordsAreHeldThreeSecondsForASilentVisitor) {
  start(at(Role::handler));
  take_sent();
  type("welcome");
  EXPECT_EQ(take_sent(), "");
  pass(kGreetingPatience);
  EXPECT_EQ(take_sent(), "welcome\n");
  start(at(Role::handler));
  take_sent();
  type("welcome");
  conversation_->receive("TALK/1\r\n", now_);
  EXPECT_TRUE(take_sent().ends_with(encode(Text{"welcome"})));
}

// The queue of a full server: it speaks TALK/1 when it is the visitor's turn.
TEST_F(ConversationTest, ASilentServerIsNotSaidToSpeakPlainLines) {
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

TEST_F(ConversationTest, WordsForASilentServerAreLinesAndSoTheTalkGoesOn) {
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

TEST_F(ConversationTest, WhoLeavesASilentServerDoesNotWaitForIt) {
  start(at(Role::client));
  type("/send x");
  pass(seconds(5));
  type("/bye");
  EXPECT_TRUE(screen_.has_shown("/send cannot be done: nothing was heard from 10.0.0.7 yet"));
  EXPECT_TRUE(conversation_->over());
}

// A script that only wants a file does not wait for ever where its input has ended.
TEST_F(ConversationTest, AScriptIsDoneWithAServerThatSaysNothing) {
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

TEST_F(ConversationTest, WhatWasHeldForALinePeerLeavesLineByLine) {
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

TEST_F(ConversationTest, WhatWasPouredInIsNotHeldUpForLong) {
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

TEST_F(ConversationTest, APipesEndIsByeThenHalfCloseThenTheOthersEnd) {
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

TEST_F(ConversationTest, TheOthersEndIsWaitedForTenSecondsAtMost) {
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

TEST_F(ConversationTest, ByeIsAnsweredWithBye) {
  start_framed(at(Role::handler));
  receive(Bye{"lunch"});
  EXPECT_TRUE(conversation_->over());
  EXPECT_EQ(take_sent(), encode(Bye{}));
  EXPECT_TRUE(screen_.has_shown("<alice> has left: \"lunch\""));
}

TEST_F(ConversationTest, AnEndWithoutByeIsALostLink) {
  start_framed(at(Role::client));
  conversation_->receive_end(now_);
  EXPECT_EQ(conversation_->outcome().code, Outcome::kLost);
}

TEST_F(ConversationTest, AProtocolErrorEndsTheSessionWithAReasonOnBothSides) {
  start_framed(at(Role::handler));
  conversation_->receive(std::string("T\x7f\xff\xff\xff", 5), now_);
  EXPECT_TRUE(conversation_->over());
  EXPECT_NE(take_sent().find("over the limit"), std::string::npos);
  EXPECT_TRUE(screen_.has_shown("error: protocol error"));
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
    conversation_->not_listening(now_);
    pass(seconds(1));
  }
  EXPECT_FALSE(conversation_->over());
}

// A terminal under ^S: the other side must not take it for dead, and hears a ping instead of pongs.
TEST_F(ConversationTest, WhoDoesNotReadStillGivesASignOfLife) {
  start_framed(at(Role::client));
  screen_.room = false;
  conversation_->not_listening(now_);
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

// talk_client < big towards a server that stops reading: the loop turned at full speed.
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

TEST_F(ConversationTest, ALinePeersEndLeavesTheDeskTenSecondsFromItsLastLine) {
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

TEST_F(ConversationTest, AResetEndsTheGrace) {
  start(at(Role::handler));
  conversation_->receive("hello\n", now_);
  conversation_->receive_end(now_);
  conversation_->link_failed(ECONNRESET, now_);
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

TEST_F(ConversationTest, ARefusalAtTheDoorIsTold) {
  start(at(Role::client));
  conversation_->receive("ERROR: too many sessions from your address\n", now_);
  conversation_->receive_end(now_);
  EXPECT_EQ(conversation_->outcome().code, Outcome::kRefused);
}

TEST_F(ConversationTest, AClientsPipeInLineModeEndsAfterTenSecondsOfSilence) {
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

TEST_F(ConversationTest, LeavingTellsTheOtherSideWhy) {
  start_framed(at(Role::handler));
  conversation_->leave("the window was closed", now_);
  EXPECT_EQ(take_sent(), encode(Bye{"the window was closed"}));
  EXPECT_TRUE(conversation_->over());
}

TEST_F(ConversationTest, ScreenCommandsGoToTheScreen) {
  start_framed(at(Role::client));
  type("/clear");
  EXPECT_FALSE(screen_.has_shown("error"));
  type("/find x");
  EXPECT_TRUE(screen_.has_shown("error: /find"));
}

// ---- Words that are so ----

// A reason could read as a line of the program's own: the peer's words stand in quotes.
TEST_F(ConversationTest, WhatThePeerGivesAsAReasonIsQuoted) {
  start_framed(at(Role::client));
  receive(Bye{"x\" -- ERROR: your disk is full"});
  EXPECT_TRUE(screen_.has_shown("<prof> has left: \"x\\\" -- ERROR: your disk is full\""));
  start(at(Role::client));
  conversation_->receive("ERROR: -- come in\n", now_);
  conversation_->receive_end(now_);
  EXPECT_TRUE(screen_.has_shown("error: refused by the server: \"-- come in\""));
}

TEST_F(ConversationTest, ASilentServerIsNotSaidToBeLost) {
  start_framed(at(Role::client));
  pass(seconds(60));
  EXPECT_EQ(conversation_->outcome().code, Outcome::kLost);
  EXPECT_EQ(conversation_->outcome().reason, "nothing was heard from <prof> for 60 s");
}

// An nc that was closed and an nc -N look the same until something is written to them.
TEST_F(ConversationTest, OfAVisitorsEndOnlyWhatIsKnownIsSaid) {
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

TEST_F(ConversationTest, ALinePeerCanTellTheProgramsLastLine) {
  start(at(Role::handler));
  conversation_->receive("hello\n", now_);
  take_sent();
  conversation_->leave("I owe you 100 euros", now_);
  EXPECT_EQ(take_sent(), "-- the talk has ended: I owe you 100 euros\n");
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

// ---- Exit codes ----

TEST_F(ConversationTest, AMistypedCommandOfAScriptIsAFailure) {
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

// The desk is closed in the middle of a visitor's /send: first who has left, then what became of
// the file, and a code that says so, at a terminal too.
TEST_F(ConversationTest, AByeInTheMiddleOfAFileIsAFailedTransfer) {
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
