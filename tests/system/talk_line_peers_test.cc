// Visitors who have never heard of TALK/1: nc, ncat, telnet and the clients of homework, each with
// habits of its own, talk with a person at the desk.
#include <gtest/gtest.h>

#include "tests/support/desk.h"
#include "tests/support/paper.h"
#include "tests/support/peer.h"
#include "tests/support/temp_dir.h"

namespace talk::test {
namespace {

class TalkLinePeers : public testing::Test {
 protected:
  std::string port() const { return std::to_string(door_.port()); }
  void open() {
    desk_ = open_window(door_);
    wait_for_prompt(*desk_);
  }
  // A peer of the test's own making at the other end.
  Peer call() {
    Peer peer(door_.port());
    open();
    EXPECT_TRUE(peer.hears("\r\n"));
    peer.forget();  // the greeting
    return peer;
  }
  // One row of the window holds just these words of the visitor's.
  bool desk_reads(const std::string& words) {
    return wait_until([&] {
      const Paper paper(desk_->out());
      for (const std::string& row : paper.rows())
        if (row.ends_with("<127.0.0.1> " + words)) return true;
      return false;
    });
  }
  int rows_with(const std::string& words) { return Paper(desk_->out()).count(words); }
  void desk_leaves() {
    desk_->type("/bye\r");
    EXPECT_EQ(desk_->exit_code(), 0);
  }

  FakeServer door_;
  std::unique_ptr<Process> desk_;
};

// ---- The programs that everybody has ----

TEST_F(TalkLinePeers, NcTalksBothWays) {
  Process nc({"nc", "127.0.0.1", port()});
  open();
  nc.type("hello from nc\n");
  EXPECT_TRUE(desk_reads("hello from nc"));
  desk_->type("welcome\r");
  EXPECT_TRUE(nc.says("welcome\n"));
  EXPECT_TRUE(nc.out().starts_with("TALK/1 pid=" + std::to_string(desk_->pid()) +
                                   " name=prof many=1 ack=1 session="));
  desk_->type("/bye\r");
  EXPECT_TRUE(desk_->says("/bye"));
  nc.end_input();
  EXPECT_EQ(nc.exit_code(), 0);
}

// nc -N closes its half when its input ends, and reads on: what the desk types still goes out.
TEST_F(TalkLinePeers, NcWithNReadsOnAfterItsInput) {
  Process nc({"nc", "-N", "127.0.0.1", port()});
  open();
  nc.type("a question\nthe last line, without an end");
  nc.end_input();
  EXPECT_TRUE(desk_reads("the last line, without an end"));
  EXPECT_TRUE(desk_->says("the visitor has nothing more to say"));
  desk_->type("the answer\r");
  EXPECT_TRUE(nc.says("the answer\n"));
  desk_leaves();
  EXPECT_EQ(nc.exit_code(), 0);
}

TEST_F(TalkLinePeers, NcatTalksBothWays) {
  Process ncat({"ncat", "127.0.0.1", port()});
  open();
  ncat.type("hello from ncat\n");
  EXPECT_TRUE(desk_reads("hello from ncat"));
  desk_->type("welcome\r");
  EXPECT_TRUE(ncat.says("welcome\n"));
  ncat.end_input();
  EXPECT_TRUE(desk_->says("the visitor has nothing more to say"));
  desk_->type("and goodbye\r");
  EXPECT_TRUE(ncat.says("and goodbye\n"));
  desk_leaves();
  EXPECT_EQ(ncat.exit_code(), 0);
}

TEST_F(TalkLinePeers, TelnetTalksBothWays) {
  Process::Options terminal;
  terminal.terminal = true;
  Process telnet({"telnet", "127.0.0.1", port()}, terminal);
  open();
  EXPECT_TRUE(telnet.says("TALK/1 pid="));
  telnet.type("hello from telnet\r");
  EXPECT_TRUE(desk_reads("hello from telnet"));
  desk_->type("welcome\r");
  EXPECT_TRUE(telnet.says("welcome\r\n"));
  desk_leaves();
  EXPECT_TRUE(telnet.says("Connection closed by foreign host."));
}

TEST_F(TalkLinePeers, WithNobodyAtTheDeskNcIsToldSoAndIsDone) {
  const Server server({"--terminal", "none", "--name", "prof"});
  Process nc(
      {"sh", "-c",
       "printf 'hello\\nare you there?\\n' | nc -N 127.0.0.1 " + std::to_string(server.port())});
  EXPECT_EQ(nc.exit_code(), 0);
  const std::string notice = "nobody is at the desk of prof";
  EXPECT_TRUE(nc.says(notice));
  EXPECT_EQ(nc.out().find(notice), nc.out().rfind(notice)) << "once a session";
}

// ---- Endings ----

// Many clients of homework send() a string and nothing after it: a pause ends the message.
TEST_F(TalkLinePeers, AMessageWithoutAnEndIsWholeAfterAPause) {
  Peer peer = call();
  peer.send("no ending");
  EXPECT_TRUE(desk_reads("no ending"));
  peer.send("none either");
  EXPECT_TRUE(desk_reads("none either"));
  desk_->type("an answer\r");
  EXPECT_TRUE(peer.hears("an answer\n"));
}

// char buffer[1024]; send(socket, buffer, sizeof buffer, 0): what stands after the NUL is stale.
TEST_F(TalkLinePeers, ABufferPaddedWithNulsIsOneLine) {
  Peer peer = call();
  for (const std::string words : {"hello", "a longer message", "ok"}) {
    std::string buffer = words;
    buffer.resize(1024, '\0');
    peer.send(buffer);
    EXPECT_TRUE(desk_reads(words));
  }
  EXPECT_EQ(rows_with("<127.0.0.1> "), 3);
  desk_->type("an answer\r");
  EXPECT_TRUE(peer.hears(std::string("an answer\0", 10)));
}

TEST_F(TalkLinePeers, TheEndingIsMirrored) {
  Peer peer = call();
  for (const std::string ending : {"\r\n", "\n", "\r\n"}) {
    const std::string number = std::to_string(peer.received().size());
    peer.send("line " + number + ending);
    EXPECT_TRUE(desk_reads("line " + number));
    desk_->type("answer " + number + "\r");
    EXPECT_TRUE(peer.hears("answer " + number + ending));
  }
}

TEST_F(TalkLinePeers, EmptyLinesAreLines) {
  Peer peer = call();
  peer.send("one\n\n\ntwo\n");
  EXPECT_TRUE(desk_reads("two"));
  EXPECT_EQ(rows_with("<127.0.0.1>"), 4);
}

// Somebody's terminal sends every key by itself.
TEST_F(TalkLinePeers, OneByteAtATimeIsNotTorn) {
  Peer peer = call();
  peer.send("first\r\n");  // shows an ending, and is one
  EXPECT_TRUE(desk_reads("first"));
  for (const char byte : std::string("letter by letter\r\n")) peer.send(std::string(1, byte));
  EXPECT_TRUE(desk_reads("letter by letter"));
}

TEST_F(TalkLinePeers, TelnetNegotiationIsSwallowed) {
  Peer peer = call();
  peer.send("\xff\xfb\x1f\xff\xfd\x03\xff\xfa\x18hidden\xff\xf0words\r\n");
  EXPECT_TRUE(desk_reads("words"));
  for (const char byte : std::string("\xff\xfb\x18in pieces\xff\xf1\r\n"))
    peer.send(std::string(1, byte));
  EXPECT_TRUE(desk_reads("in pieces"));
  EXPECT_EQ(rows_with("hidden"), 0);
}

// ---- Who begins ----

TEST_F(TalkLinePeers, WordsTypedBeforeTheVisitorHasSpokenAreHeldForIt) {
  Peer peer = call();
  desk_->type("are you there?\rhello?\r");
  EXPECT_TRUE(desk_->says("<prof> hello?"));
  EXPECT_EQ(peer.received(), "");
  peer.send("yes\r\n");
  EXPECT_TRUE(peer.hears("are you there?") && peer.hears("hello?\r\n"));
}

// nc that only listens: after 3 s it is told whom it talks with, and the words go out all the same.
TEST_F(TalkLinePeers, AVisitorWhoOnlyListensHearsThem) {
  Peer peer = call();
  desk_->type("dinner is ready\rcome\r");
  EXPECT_TRUE(peer.hears("come\n"));
  EXPECT_EQ(peer.received(),
            "-- you are talking with prof: type a line, and Enter sends it\n"
            "dinner is ready\ncome\n");
}

// ---- What is not theirs ----

TEST_F(TalkLinePeers, FilesAreForOthers) {
  Peer peer = call();
  peer.send("hello\n");
  EXPECT_TRUE(desk_reads("hello"));
  desk_->type("/send /etc/hostname\r");
  EXPECT_TRUE(desk_->says("-!- /send cannot be done: "));
  desk_->type("see?\r");
  EXPECT_TRUE(peer.hears("see?\n"));
  EXPECT_EQ(peer.received(), "see?\n");
}

TEST_F(TalkLinePeers, TheEndOfTheDeskIsToldAsALine) {
  Peer peer = call();
  peer.send("hello\r\n");
  EXPECT_TRUE(desk_reads("hello"));
  desk_->hang_up();
  EXPECT_TRUE(peer.hears("-- the talk has ended: \"the window was closed\"\r\n"));
  EXPECT_TRUE(peer.sees_end());
  peer.close();
  EXPECT_TRUE(desk_->exit_code());
}

// ---- Bad manners ----

TEST_F(TalkLinePeers, AResetEndsTheTalkAlsoAfterAHalfClose) {
  Peer first = call();
  first.send("hello\n");
  EXPECT_TRUE(desk_reads("hello"));
  first.reset();
  EXPECT_TRUE(desk_->says("-!- the connection to 127.0.0.1 was lost: "));
  EXPECT_TRUE(desk_->exit_code());

  Peer second = call();
  second.half_close();
  EXPECT_TRUE(desk_->says("the visitor has nothing more to say"));
  second.reset();
  EXPECT_TRUE(desk_->exit_code());
}

TEST_F(TalkLinePeers, AFloodOfNulsIsNothing) {
  Peer peer = call();
  const std::string nuls(1 << 20, '\0');
  for (int i = 0; i < 8; ++i) peer.send(nuls);
  // What comes in one receive with NULs counts as stale, so it is said until it is heard.
  EXPECT_TRUE(wait_until([&] {
    peer.send("after the flood\n");
    return desk_->says("after the flood", milliseconds(20));
  }));
  EXPECT_EQ(rows_with("<127.0.0.1>"), rows_with("<127.0.0.1> after the flood"));
}

// A program that writes and never reads must not stop the desk from reading it.
TEST_F(TalkLinePeers, APeerThatNeverReadsIsStillReadAndLosesNothing) {
  Peer peer = call();
  peer.shrink_receive_buffer();
  peer.send("I talk only\n");
  EXPECT_TRUE(desk_reads("I talk only"));
  const std::string page(4000, 'p');
  for (int i = 0; i < 500; ++i) desk_->type(page + std::to_string(i) + "\r");
  peer.send("and I go on\n");
  EXPECT_TRUE(desk_reads("and I go on"));
  peer.widen_receive_buffer();
  std::string expected;
  for (int i = 0; i < 500; ++i) expected += page + std::to_string(i) + "\n";
  EXPECT_TRUE(wait_until([&] { return peer.received().size() >= expected.size(); }));
  EXPECT_TRUE(peer.received() == expected) << "and once it reads, nothing is missing";
}

}  // namespace
}  // namespace talk::test
