#include "common/session/peer_stream.h"

#include <gtest/gtest.h>

#include "common/wire/limits.h"
#include "common/wire/protocol_error.h"

namespace talk {
namespace {

// Writes down what it is told, a word an event.
class Journal : public PeerEvents {
 public:
  std::string log;
  void on_greeting(const Greeting& g) override { log += "greeting(" + g.name.value_or("-") + ") "; }
  void on_line_peer() override { log += "lines "; }
  void on_silence() override { log += "silence "; }
  void on_late_greeting() override { log += "late "; }
  void on_line(const std::string& line) override { log += "line(" + line + ") "; }
  void on_bytes(std::string_view bytes) override { log += "bytes(" + std::string(bytes) + ") "; }
  void on_message(const Message& m) override {
    if (const auto* text = std::get_if<Text>(&m))
      log += "text(" + text->text + ") ";
    else
      log += "message ";
  }
  void on_file_data(std::uint32_t transfer, std::string_view piece) override {
    log += "data(" + std::to_string(transfer) + "," + std::string(piece) + ") ";
  }
};

class PeerStreamTest : public ::testing::Test {
 protected:
  PeerStream& start(Role role, bool raw = false, bool verbatim = false) {
    Greeting greeting;
    greeting.name = "me";
    stream_.emplace(PeerStream::Options{role, greeting, raw, verbatim}, journal_, now_);
    return *stream_;
  }
  void pass(milliseconds time) {
    now_ += time;
    stream_->tick(now_);
  }
  std::string take_outgoing() {
    std::string bytes(stream_->outgoing());
    stream_->sent(bytes.size());
    return bytes;
  }

  Time now_{};
  Journal journal_;
  std::optional<PeerStream> stream_;
};

TEST_F(PeerStreamTest, BothRolesGreetAndTalkInFrames) {
  PeerStream& handler = start(Role::handler);
  EXPECT_EQ(take_outgoing(), "TALK/1 name=me\r\n");
  handler.receive("TALK/1 name=alice\r\n" + encode(Text{"hi"}), now_);
  EXPECT_EQ(journal_.log, "greeting(alice) text(hi) ");
  handler.send(Text{"ho"});
  EXPECT_EQ(take_outgoing(), encode(Text{"ho"}));

  journal_.log.clear();
  PeerStream& client = start(Role::client);
  EXPECT_EQ(take_outgoing(), "");
  client.receive("TALK/1 pid=7 name=prof\r\n", now_);
  EXPECT_EQ(take_outgoing(), "TALK/1 name=me\r\n");
  EXPECT_EQ(client.speech(), Speech::frames);
}

TEST_F(PeerStreamTest, TheGreetingMayComeByteByByte) {
  PeerStream& handler = start(Role::handler);
  for (const char c : std::string("TALK/1 name=alice\r\n") + encode(Text{"hi"}))
    handler.receive({&c, 1}, now_);
  EXPECT_EQ(journal_.log, "greeting(alice) text(hi) ");
}

TEST_F(PeerStreamTest, WhatIsNoGreetingIsALine) {
  start(Role::handler).receive("TALK to me\n", now_);
  EXPECT_EQ(journal_.log, "lines line(TALK to me) ");
}

TEST_F(PeerStreamTest, WhatCouldBecomeAGreetingIsWaitedForASecond) {
  start(Role::handler).receive("TAL", now_);
  EXPECT_EQ(stream_->deadline(), now_ + kGreetingWait);
  EXPECT_EQ(journal_.log, "");
  pass(kGreetingWait);
  pass(kMessagePause);
  EXPECT_EQ(journal_.log, "lines line(TAL) ");
}

TEST_F(PeerStreamTest, AMessageWithoutAnEndingEndsAtAPause) {
  start(Role::handler).receive("hello", now_);
  EXPECT_EQ(journal_.log, "lines ");
  pass(kMessagePause);
  EXPECT_EQ(journal_.log, "lines line(hello) ");
}

// A telnet that sends each key at once: a line a key, until the first Enter.
TEST_F(PeerStreamTest, WhoTypesKeyByKeyIsWaitedForLonger) {
  start(Role::handler);
  for (const char* key : {"h", "e", "y"}) {
    stream_->receive(key, now_);
    pass(kKeyPause - milliseconds(1));
  }
  EXPECT_EQ(journal_.log, "lines ");
  stream_->receive("\r", now_);
  EXPECT_EQ(journal_.log, "lines line(hey) ");
  stream_->receive("\n", now_);
  pass(kKeyPause);
  EXPECT_EQ(journal_.log, "lines line(hey) ");
}

// "gr\xc3", a fifth of a second, "\xbc\n": two messages, each with half a character.
TEST_F(PeerStreamTest, ACharacterInTwoPiecesIsWaitedFor) {
  start(Role::handler).receive("gr\xc3", now_);
  pass(kKeyPause - milliseconds(1));
  stream_->receive("\xbc\n", now_);
  EXPECT_EQ(journal_.log, "lines line(gr\u00fc) ");
  start(Role::handler).receive("gr\xc3", now_);
  journal_.log.clear();
  pass(kKeyPause);
  EXPECT_EQ(journal_.log, "line(gr\xc3) ") << "not for ever";
}

// One send() for the words and one for their line feed, with a moment between.
TEST_F(PeerStreamTest, AnEndingInAPieceOfItsOwnIsNoMessage) {
  start(Role::handler).receive("hello", now_);
  pass(kMessagePause);
  stream_->receive("\n", now_);
  EXPECT_EQ(journal_.log, "lines line(hello) ");
}

TEST_F(PeerStreamTest, TelnetsTimingMarkIsAnswered) {
  start(Role::handler).receive("hi\n", now_);
  take_outgoing();
  stream_->receive("\xff\xfd\x06", now_);
  EXPECT_EQ(take_outgoing(), "\xff\xfb\x06");
}

TEST_F(PeerStreamTest, APeerThatHasShownAnEndingIsWaitedFor) {
  start(Role::handler).receive("one\ntw", now_);
  pass(seconds(5));
  EXPECT_EQ(journal_.log, "lines line(one) ");
  stream_->receive("o\n", now_);
  EXPECT_EQ(journal_.log, "lines line(one) line(two) ");
}

TEST_F(PeerStreamTest, TheEndOfTheStreamEndsTheLastLine) {
  start(Role::handler).receive("one\ntwo", now_);
  EXPECT_TRUE(stream_->receive_end(now_));
  EXPECT_EQ(journal_.log, "lines line(one) line(two) ");
}

TEST_F(PeerStreamTest, TheLineEndingIsMirrored) {
  const std::pair<const char*, std::string> cases[] = {
      {"x\n", "y\n"}, {"x\r\n", "y\r\n"}, {"x", "y\n"}};
  for (const auto& [sent, answered] : cases) {
    start(Role::handler).receive(sent, now_);
    take_outgoing();
    stream_->send(Text{"y"});
    EXPECT_EQ(take_outgoing(), answered) << sent;
  }
  start(Role::handler).receive(std::string_view("x\0stale", 7), now_);
  take_outgoing();
  stream_->send(Text{"y"});
  EXPECT_EQ(take_outgoing(), std::string("y\0", 2));
}

TEST_F(PeerStreamTest, TelnetNegotiationIsSwallowed) {
  start(Role::handler).receive("\xff\xfd\x03\xff\xfb\x18hi\r\n", now_);
  EXPECT_EQ(journal_.log, "lines line(hi) ");
}

TEST_F(PeerStreamTest, AVisitorIsGivenThreeSecondsWhereThereIsSomethingToSay) {
  PeerStream& handler = start(Role::handler);
  pass(seconds(1));
  EXPECT_EQ(handler.deadline(), std::nullopt);
  handler.expect_to_speak();
  EXPECT_EQ(handler.deadline(), now_ - seconds(1) + kGreetingPatience);
  pass(kGreetingPatience);
  EXPECT_EQ(journal_.log, "silence ");
}

TEST_F(PeerStreamTest, ASilentVisitorIsUndecidedUntilSomebodySpeaks) {
  PeerStream& handler = start(Role::handler);
  pass(seconds(30));
  EXPECT_EQ(handler.speech(), Speech::undecided);
  EXPECT_EQ(handler.deadline(), std::nullopt);
  handler.receive("TALK/1\r\n", now_);
  EXPECT_EQ(handler.speech(), Speech::frames);
}

// A server that is full takes a connection and says nothing, for minutes.
TEST_F(PeerStreamTest, AClientDoesNotClaimToKnowASilentServer) {
  PeerStream& client = start(Role::client);
  pass(kGreetingPatience);
  EXPECT_EQ(journal_.log, "silence ");
  EXPECT_EQ(client.speech(), Speech::undecided);
  EXPECT_EQ(client.deadline(), std::nullopt);
  pass(seconds(100));
  client.receive("TALK/1 name=prof\r\n", now_);
  EXPECT_EQ(journal_.log, "silence greeting(prof) ");
  EXPECT_EQ(take_outgoing(), "TALK/1 name=me\r\n");
}

// One that was written before directories could be announced reads the greeting that it knows.
TEST_F(PeerStreamTest, AServerIsToldOfWhatItKnowsToo) {
  for (const bool knows : {false, true}) {
    Greeting ours;
    ours.name = "me";
    ours.many = ours.ack = true;
    stream_.emplace(PeerStream::Options{Role::client, ours}, journal_, now_);
    stream_->receive(knows ? "TALK/1 name=prof many=1 ack=1\r\n" : "TALK/1 name=prof\r\n", now_);
    EXPECT_EQ(take_outgoing(), knows ? "TALK/1 name=me many=1 ack=1\r\n" : "TALK/1 name=me\r\n");
  }
}

TEST_F(PeerStreamTest, WhatIsSaidToASilentServerIsALine) {
  PeerStream& client = start(Role::client);
  pass(kGreetingPatience);
  client.assume_lines();
  client.send(Text{"one"});
  EXPECT_EQ(take_outgoing(), "one\n");
  client.receive("you said one\n", now_);
  EXPECT_EQ(journal_.log, "silence lines line(you said one) ");
}

TEST_F(PeerStreamTest, AGreetingCountsUntilSomethingWasSaidAsALine) {
  PeerStream& silent = start(Role::client);
  pass(kGreetingPatience);
  silent.assume_lines();
  silent.receive("TALK/1 name=prof\r\n", now_);
  EXPECT_EQ(journal_.log, "silence greeting(prof) ");
  EXPECT_EQ(silent.speech(), Speech::frames);

  journal_.log.clear();
  PeerStream& spoken = start(Role::client);
  pass(kGreetingPatience);
  spoken.assume_lines();
  spoken.send(Text{"one"});
  spoken.receive("TALK/1 name=prof\r\nhello\n", now_);
  EXPECT_EQ(journal_.log, "silence late line(hello) ");
  EXPECT_EQ(spoken.speech(), Speech::lines);
}

TEST_F(PeerStreamTest, RawNeverSpeaksFrames) {
  start(Role::client, true).receive("TALK/1 name=x\r\n", now_);
  EXPECT_EQ(journal_.log, "line(TALK/1 name=x) ");
  journal_.log.clear();
  start(Role::client, true, true).receive("\xff\xfb\x01 a\nb", now_);
  EXPECT_EQ(journal_.log, "bytes(\xff\xfb\x01 a\nb) ");
}

TEST_F(PeerStreamTest, ACutInTheMiddleOfAFrameIsNoOrderlyEnd) {
  start(Role::handler).receive("TALK/1\r\n" + encode(Text{"hi"}).substr(0, 6), now_);
  EXPECT_FALSE(stream_->receive_end(now_));
}

TEST_F(PeerStreamTest, APeerThatAsksAndNeverReadsIsCutOff) {
  start(Role::handler).receive("TALK/1\r\n", now_);
  const std::string big = encode(Stored{1, std::string(60'000, 'x')});
  for (int i = 0; i < 50; ++i) stream_->send_encoded(big);
  EXPECT_TRUE(stream_->congested());
  EXPECT_TRUE(stream_->has_room()) << "its own person may still say something";
  EXPECT_THROW(for (int i = 0; i < 1000; ++i) stream_->send_encoded(big), ProtocolError);
}

TEST_F(PeerStreamTest, WordsFillTheQueueUpToWhereTheKeyboardRests) {
  start(Role::handler).receive("TALK/1\r\n", now_);
  for (int i = 0; i < 16; ++i) {
    EXPECT_TRUE(stream_->has_room());
    stream_->send(Text{std::string(kMaxText, 'x')});
  }
  EXPECT_FALSE(stream_->has_room());
  EXPECT_FALSE(stream_->congested()) << "the peer is still read from";
}

// A visitor pinged and never read: the pongs filled the queue, and the keyboard at the desk was
// dead, /bye and all.
TEST_F(PeerStreamTest, UnreadPongsTakeNoRoomFromThePerson) {
  start(Role::handler).receive("TALK/1\r\n", now_);
  take_outgoing();
  for (int i = 0; i < 100'000; ++i) stream_->send_pong(Pong{std::string(kMaxPing, 'p')});
  EXPECT_TRUE(stream_->has_room());
  EXPECT_FALSE(stream_->congested());
  EXPECT_LT(stream_->outgoing().size(), kMaxQueued);
  take_outgoing();
  stream_->send_pong(Pong{"again"});
  EXPECT_EQ(take_outgoing(), encode(Pong{"again"}));
}

}  // namespace
}  // namespace talk
