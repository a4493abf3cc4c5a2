// talk_client with pipes at its ends, against servers that speak another way or break down, and
// with readers that are slow, gone, or a full disk: nothing that was said is lost.
#include <gtest/gtest.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>

#include <algorithm>

#include "common/posix/io.h"
#include "tests/support/client.h"
#include "tests/support/fake_server.h"
#include "tests/support/process.h"
#include "tests/support/talk_peer.h"
#include "tests/support/valid_utf8.h"

namespace talk::test {
namespace {

// ---- Other people's servers ----

tcp_info info_of(int socket) {
  tcp_info info{};
  socklen_t size = sizeof info;
  ::getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &size);
  return info;
}

// A homework server says nothing until it is spoken to, and takes one receive for one message.
TEST(TalkClientStreams, AServerThatGreetsNothingGetsTheKeptLinesOneBySend) {
  FakeServer server;
  Process pipe(client(server.port()));
  Peer homework(server.accept());
  pipe.type("one\ntwo\nthree\n");
  EXPECT_TRUE(homework.hears("one\ntwo\nthree\n"));
  EXPECT_EQ(homework.received(), "one\ntwo\nthree\n");
  EXPECT_EQ(info_of(homework.fd()).tcpi_data_segs_in, 3u);
  EXPECT_TRUE(pipe.complains("connected; nothing was heard from the server yet"));
  EXPECT_EQ(pipe.err().find("plain lines"), std::string::npos);
  homework.send("an answer without an end");
  EXPECT_TRUE(pipe.complains("the server speaks plain lines"));
  EXPECT_TRUE(pipe.says("an answer without an end\n"));
  pipe.end_input();
  EXPECT_TRUE(homework.sees_end());
  homework.send("more\r\n");
  EXPECT_TRUE(pipe.says("more\n"));
  homework.close();
  EXPECT_EQ(pipe.exit_code(), 0);
  EXPECT_EQ(pipe.out(), "an answer without an end\nmore\n");
}

TEST(TalkClientStreams, AServerOfPlainLinesIsKnownByItsFirstBytes) {
  FakeServer server;
  Process pipe(client(server.port()));
  Peer lines(server.accept());
  lines.send("220 welcome\r\n");
  EXPECT_TRUE(pipe.says("220 welcome\n"));
  pipe.type("HELO\n");
  EXPECT_TRUE(lines.hears("HELO\r\n"));  // the ending is mirrored
  pipe.end_input();
  EXPECT_TRUE(lines.sees_end());
  lines.close();
  EXPECT_EQ(pipe.exit_code(), 0);
}

TEST(TalkClientStreams, AGreetingMayComeByteByByte) {
  FakeServer server;
  Process pipe(client(server.port()));
  pipe.type("kept\n");
  Peer desk(server.accept());
  for (const char byte : std::string("TALK/1 pid=9 name=slow\r\n")) desk.send(std::string(1, byte));
  EXPECT_TRUE(desk.hears("TALK/1 name=alice\r\n"));
  EXPECT_TRUE(desk.hears(frame('T', "kept")));
  EXPECT_TRUE(pipe.complains("connected to <slow>"));
}

// Half of the characters at the seams of a long line were lost.
TEST(TalkClientStreams, ALongLineIsCutAtACharactersBoundary) {
  FakeServer server;
  Process pipe(client(server.port()));
  TalkPeer desk(server.accept());
  std::string line = "a";
  for (int i = 0; i < 40'000; ++i) line += "\u00fc\u20ac";
  pipe.type(line + "\n");
  std::string heard;
  EXPECT_TRUE(wait_until([&] {
    heard.clear();
    for (const std::string& text : desk.texts()) {
      EXPECT_TRUE(is_valid_utf8(text));
      heard += text;
    }
    return heard.size() >= line.size();
  }));
  EXPECT_TRUE(heard == line);
}

TEST(TalkClientStreams, HalfAGreetingIsALineAfterAll) {
  FakeServer server;
  Process pipe(client(server.port()));
  Peer desk(server.accept());
  desk.send("TALK/1 name=");
  EXPECT_TRUE(pipe.says("TALK/1 name=\n"));
}

TEST(TalkClientStreams, RawWritesWhatCameByteByByte) {
  FakeServer server;
  Process raw(client(server.port(), {"--raw"}));
  Peer peer(server.accept());
  std::string bytes = "TALK/1 name=x\r\n";
  for (int i = 0; i < 100000; ++i) bytes += static_cast<char>(i * 7 & 0xff);
  peer.send(bytes);
  EXPECT_TRUE(wait_until([&] { return raw.out().size() >= bytes.size(); }));
  EXPECT_EQ(raw.out(), bytes);
  raw.type("GET / HTTP/1.0\nno end");
  raw.end_input();
  EXPECT_TRUE(peer.sees_end());
  EXPECT_EQ(peer.received(), "GET / HTTP/1.0\nno end\n");
  peer.close();
  EXPECT_EQ(raw.exit_code(), 0);
}

// ---- The ends of the pipe ----

TEST(TalkClientStreams, SigintSaysByeAndIsDiedOf) {
  FakeServer server;
  Process run(client(server.port()));
  TalkPeer desk(server.accept());
  EXPECT_TRUE(run.complains("connected to <prof>"));
  run.signal(SIGINT);
  EXPECT_TRUE(desk.hears_frame('B'));
  desk.close();
  EXPECT_EQ(run.exit_code(), -SIGINT);
}

TEST(TalkClientStreams, AReaderThatLeavesEndsTheTalk) {
  FakeServer server;
  Process pipe({"sh", "-c", shell_client(server.port()) + " | head -1"});
  TalkPeer desk(server.accept());
  desk.send(frame('T', "first"));
  EXPECT_TRUE(pipe.says("first\n"));
  EXPECT_TRUE(wait_until([&] {
    if (!desk.hears_frame('B', "", {})) desk.send(frame('T', "more"));
    return desk.hears_frame('B', "", {});
  }));
  desk.close();
  EXPECT_TRUE(pipe.complains("ERROR: write to standard output: Broken pipe\n")) << pipe.err();
  EXPECT_EQ(pipe.exit_code(), 0);
  EXPECT_EQ(pipe.out(), "first\n");
}

// It starts to read when the talk is long over.
TEST(TalkClientStreams, ASlowReaderGetsAllOfIt) {
  FakeServer server;
  Process pipe({"sh", "-c", shell_client(server.port(), "--raw") + " | (sleep 3; wc -c)"});
  Peer desk(server.accept());
  pipe.end_input();
  EXPECT_TRUE(desk.sees_end());
  desk.send(std::string(150'000, 'x'));
  desk.close();
  EXPECT_EQ(pipe.exit_code(), 0);
  EXPECT_EQ(pipe.out(), "150000\n");
}

TEST(TalkClientStreams, AFullDiskBehindStdoutIsAnError) {
  FakeServer server;
  Process run({"sh", "-c", "exec " + shell_client(server.port()) + " > /dev/full"});
  TalkPeer desk(server.accept());
  desk.send(frame('T', "lost words"));
  EXPECT_TRUE(desk.hears_frame('B'));
  desk.close();
  EXPECT_EQ(run.exit_code(), 1);
  EXPECT_TRUE(run.complains("ERROR: write to standard output: No space left on device\n"));
}

struct Flood {
  int lines = 0;
  std::string unsent;  // of the last of them
};

std::string flood_line(int number) { return std::to_string(number) + std::string(1000, '.'); }

// Sends numbered lines until the link takes no more, or there were `most`.
Flood flood(TalkPeer& desk, int most) {
  Flood flood;
  while (flood.unsent.empty() && flood.lines < most) {
    flood.unsent = frame('T', flood_line(flood.lines++));
    pollfd ready{desk.fd(), POLLOUT, 0};
    while (!flood.unsent.empty() && ::poll(&ready, 1, 500) == 1)
      flood.unsent.erase(0, send_some(desk.fd(), flood.unsent).count);
  }
  return flood;
}

// talk_client | less, and less is not scrolled: the flood waits in the sender, not in our memory.
TEST(TalkClientStreams, AStdoutThatIsNotReadHoldsTheSenderUpAndLosesNothing) {
  constexpr int kMost = 64 << 10;  // KiB
  FakeServer server;
  Process less(client(server.port()));
  TalkPeer desk(server.accept());
  const Flood sent = flood(desk, kMost);
  EXPECT_LT(sent.lines, kMost) << "nothing held the flood up";
  std::string expected;
  for (int i = 0; i < sent.lines; ++i) expected += flood_line(i) + "\n";
  less.out();  // now somebody reads
  desk.send(sent.unsent);
  EXPECT_TRUE(wait_until([&] { return less.out().size() >= expected.size(); }));
  EXPECT_TRUE(less.out() == expected);
}

// talk_client 2>&1 >words | less: the notices were written whether they were taken or not, and the
// program, waiting in the middle of one, was deaf to every signal.
TEST(TalkClientStreams, AStderrThatIsNotReadHoldsNobodyUp) {
  FakeServer server;
  Process less(client(server.port()));
  TalkPeer desk(server.accept());
  ASSERT_TRUE(less.complains("connected to <prof>"));
  for (int i = 0; i < 300; ++i) desk.send(frame('N', std::string(500, 'n')));
  EXPECT_TRUE(wait_until([&] { return info_of(desk.fd()).tcpi_unacked == 0; }));
  less.signal(SIGTERM);
  EXPECT_TRUE(desk.hears_frame('B', "the program was stopped"));
  desk.close();
  EXPECT_EQ(less.exit_code(), -SIGTERM);
}

// The server breaks down while our reader is slow and our person types: what had reached this
// machine before is read all the same.
TEST(TalkClientStreams, ALinkThatBreaksUnderOurWordsLosesNoneOfTheirs) {
  FakeServer server;
  Process less(client(server.port()));
  TalkPeer desk(server.accept());
  EXPECT_TRUE(less.complains("connected to <prof>"));
  const Flood sent = flood(desk, 64 << 10);
  const std::size_t frame_size = 5 + flood_line(0).size() + 4;  // at most
  const int arrived = static_cast<int>(info_of(desk.fd()).tcpi_bytes_acked / frame_size);
  less.signal(SIGSTOP);  // what it was given to say and the end of the link are there at once
  desk.reset();
  less.type("is anybody there?\n");
  less.signal(SIGCONT);
  EXPECT_EQ(less.exit_code(), 4);
  EXPECT_TRUE(less.complains("ERROR: the connection to <prof> was lost"));
  std::string expected;
  for (int i = 0; i < std::min(arrived, sent.lines); ++i) expected += flood_line(i) + "\n";
  EXPECT_TRUE(less.out().starts_with(expected)) << less.out().size() << " " << expected.size();
}

}  // namespace
}  // namespace talk::test
