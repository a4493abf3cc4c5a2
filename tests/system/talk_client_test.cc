// talk_client with pipes at its ends, as scripts use it: what it says to whom, and how it ends,
// against our server and against servers that a test plays by hand.
#include <gtest/gtest.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>

#include <algorithm>
#include <optional>

#include "common/posix/io.h"
#include "tests/support/fake_server.h"
#include "tests/support/process.h"
#include "tests/support/talk_peer.h"
#include "tests/support/temp_dir.h"

namespace talk::test {
namespace {

// What a shell needs to start the client.
std::string client_command(int port, const std::string& options = "") {
  return program("talk_client") + " --name alice " + options + " 127.0.0.1 " + std::to_string(port);
}

std::vector<std::string> client(int port, const std::vector<std::string>& options = {}) {
  std::vector<std::string> command = {program("talk_client"), "--name", "alice"};
  command.insert(command.end(), options.begin(), options.end());
  command.insert(command.end(), {"127.0.0.1", std::to_string(port)});
  return command;
}

std::string joined(const std::vector<std::string>& parts) {
  std::string all;
  for (const std::string& part : parts) all += part;
  return all;
}

// One ERROR line and nothing else.
bool is_one_error(const std::string& text, const std::string& about) {
  return text.starts_with("ERROR: ") && std::count(text.begin(), text.end(), '\n') == 1 &&
         text.ends_with('\n') && text.find(about) != std::string::npos;
}

// ---- The pipe: make 2>&1 | talk_client desk 1234 ----

TEST(TalkClient, EveryLineOfAPipeIsDeliveredAlsoTheLastWithoutAnEnd) {
  FakeServer server;
  Process make(client(server.port()));
  TalkPeer desk(server.accept());
  make.type("cc -c a.c\n\n  cc -c b.c\r\n/bye\nno line feed");
  make.end_input();
  ASSERT_TRUE(desk.hears_frame('B'));
  EXPECT_EQ(desk.texts(),
            (std::vector<std::string>{"cc -c a.c", "", "  cc -c b.c", "/bye", "no line feed"}));
  EXPECT_EQ(desk.greeting(), "TALK/1 name=alice");
  desk.send(frame('B', ""));
  desk.close();
  EXPECT_EQ(make.exit_code(), 0);
  EXPECT_EQ(make.out(), "");
}

TEST(TalkClient, APipeOf100000LinesArrivesWhole) {
  const TempDir directory;
  Server server({"--terminal", "none", "--transcripts", directory.path()});
  Process seq({"sh", "-c", "seq 1 100000 | " + client_command(server.port())});
  EXPECT_EQ(seq.exit_code(), 0) << seq.err();
  EXPECT_TRUE(server.logs("session 1 closed"));
  const std::filesystem::path file = std::filesystem::directory_iterator(directory.path())->path();
  std::istringstream transcript(read_file(file));
  int expected = 1;
  for (std::string line; std::getline(transcript, line);)
    if (line.ends_with(" <alice> " + std::to_string(expected))) ++expected;
  EXPECT_EQ(expected, 100001);
}

// A minified script on one line: longer than a text frame may be, delivered in parts.
TEST(TalkClient, ALineOf200KiBArrivesInParts) {
  FakeServer server;
  Process pipe(client(server.port()));
  TalkPeer desk(server.accept());
  std::string line;
  while (line.size() < 200 << 10) line += "\xc3\xa9" + std::to_string(line.size());
  pipe.type(line + "\nnext\n");
  pipe.end_input();
  ASSERT_TRUE(desk.hears_frame('B'));
  const std::vector<std::string> texts = desk.texts();
  for (const std::string& text : texts) EXPECT_LE(text.size(), 64u << 10);
  EXPECT_EQ(joined(texts), line + "next");
  EXPECT_EQ(texts.back(), "next");
}

// ---- What goes where ----

TEST(TalkClient, StdoutCarriesTheOthersWordsAndNothingElse) {
  FakeServer server;
  Process reader(client(server.port()));
  TalkPeer desk(server.accept());
  desk.send(frame('T', "first") + frame('N', "a notice") + frame('T', "") +
            frame('T', "\x1b[31mred\x1b[0m \r\n\x07 \xff last"));
  EXPECT_TRUE(reader.says("last\n"));
  desk.send(frame('B', "closing time"));
  desk.close();
  EXPECT_EQ(reader.exit_code(), 0);
  EXPECT_EQ(reader.out(), "first\n\n^[[31mred^[[0m ^M^J^G \xEF\xBF\xBD last\n");
  EXPECT_NE(reader.err().find("<prof> notice: a notice\n"), std::string::npos);
  EXPECT_NE(reader.err().find("closing time"), std::string::npos);
}

TEST(TalkClient, OnAPipeCommandsAreWordsUnlessAskedFor) {
  FakeServer server;
  Process pipe(client(server.port()));
  TalkPeer desk(server.accept());
  pipe.type("/who\n//x\n");
  EXPECT_TRUE(desk.hears_frame('T', "//x"));
  EXPECT_EQ(desk.texts(), (std::vector<std::string>{"/who", "//x"}));

  Process script(client(server.port(), {"--commands"}));
  TalkPeer second(server.accept());
  EXPECT_TRUE(script.complains("connected to prof"));
  script.type("//x\n/who\n/nonsense\n/bye\n");
  EXPECT_TRUE(second.hears_frame('B'));
  EXPECT_EQ(second.texts(), std::vector<std::string>{"/x"});
  second.send(frame('B', ""));
  second.close();
  EXPECT_EQ(script.exit_code(), 0);
  EXPECT_NE(script.err().find("prof at 127.0.0.1, process 1, TALK/1"), std::string::npos);
  EXPECT_NE(script.err().find("ERROR: unknown command /nonsense"), std::string::npos);
  EXPECT_EQ(script.out(), "");
}

// A script is done before the server has greeted.
TEST(TalkClient, WordsBeforeAnEarlyByeAreDelivered) {
  FakeServer server;
  Process script(client(server.port(), {"--commands"}));
  script.type("hello\n/bye\n");
  TalkPeer desk(server.accept());
  EXPECT_TRUE(desk.hears_frame('B'));
  EXPECT_EQ(desk.texts(), std::vector<std::string>{"hello"});
}

TEST(TalkClient, AnOfferToAPipeIsRefusedWithTheReason) {
  FakeServer server;
  Process pipe(client(server.port()));
  TalkPeer desk(server.accept());
  desk.send(frame('O', u32(2) + u64(3) + u64(0) + "virus.exe"));
  EXPECT_TRUE(desk.hears_frame('R', u32(2) + "the visitor's program runs without a person to ask"));
}

// ---- Exit codes ----

TEST(TalkClient, WrongUsageIs2) {
  const std::vector<std::string> wrong[] = {{},
                                            {"localhost"},
                                            {"localhost", "abc"},
                                            {"localhost", "0"},
                                            {"--nonsense", "localhost", "1"},
                                            {"", "1"},
                                            {"a", "b", "1"}};
  for (std::vector<std::string> words : wrong) {
    words.insert(words.begin(), program("talk_client"));
    Process run(words);
    EXPECT_EQ(run.exit_code(), 2);
    EXPECT_TRUE(is_one_error(run.err(), "")) << run.err();
    EXPECT_EQ(run.out(), "");
  }
}

int port_of_nobody() { return FakeServer().port(); }

TEST(TalkClient, WhereNobodyListensItIs3) {
  Process run(client(port_of_nobody()));
  EXPECT_EQ(run.exit_code(), 3);
  EXPECT_TRUE(is_one_error(run.err(), "Connection refused")) << run.err();
  EXPECT_EQ(run.out(), "");
}

TEST(TalkClient, AHostThatIsNotThereIs3) {
  Process run({program("talk_client"), "host.invalid", "1234"});
  EXPECT_EQ(run.exit_code(), 3);
  EXPECT_TRUE(is_one_error(run.err(), "host.invalid")) << run.err();
}

// A machine that answers no call: its queue of callers is full, and further ones are let wait.
TEST(TalkClient, ConnectingIsGivenUpAfterTheTimeout) {
  FakeServer server;
  ::listen(server.fd(), 0);
  const Peer first(server.port());
  Process run(client(server.port(), {"--timeout", "1"}));
  EXPECT_EQ(run.exit_code(), 3);
  EXPECT_TRUE(is_one_error(run.err(), "127.0.0.1")) << run.err();
}

TEST(TalkClient, ARefusalAtTheDoorIs3WithItsReason) {
  Server server({"--terminal", "none", "--max-per-host", "1"});
  TalkPeer first(server.port());
  EXPECT_TRUE(first.is_answered());
  Process second(client(server.port()));
  EXPECT_EQ(second.exit_code(), 3);
  EXPECT_TRUE(second.complains("refused by the server: too many sessions from your address"));
}

// The server's machine loses power, its process is killed, its cable is cut: never code 0.
TEST(TalkClient, AServerThatVanishesIs4) {
  const std::string half = frame('T', "half of a sentence").substr(0, 12);
  for (const std::string& last_words : {std::string(), half}) {
    FakeServer server;
    Process run(client(server.port()));
    TalkPeer desk(server.accept());
    EXPECT_TRUE(desk.hears("TALK/1 name=alice\r\n"));
    desk.send(frame('T', "a whole sentence") + last_words);
    EXPECT_TRUE(run.says("a whole sentence\n"));
    desk.close();
    EXPECT_EQ(run.exit_code(), 4);
    EXPECT_TRUE(run.complains("ERROR: the connection to prof was lost")) << run.err();
    EXPECT_EQ(run.out(), "a whole sentence\n");
  }
}

TEST(TalkClient, AResetIs4AndSoIsAServerThatClosesWithoutAWord) {
  FakeServer server;
  Process first(client(server.port()));
  TalkPeer desk(server.accept());
  EXPECT_TRUE(desk.hears("TALK/1 name=alice\r\n"));
  EXPECT_TRUE(first.complains("connected to prof"));
  desk.reset();
  EXPECT_EQ(first.exit_code(), 4);
  EXPECT_TRUE(first.complains("ERROR: the connection to prof was lost: Connection reset"));
  Process second(client(server.port()));
  server.accept();
  EXPECT_EQ(second.exit_code(), 4);
  EXPECT_TRUE(second.complains("ERROR: the server closed the connection without a word"));
}

TEST(TalkClient, AServerThatBreaksTheProtocolIsTold) {
  FakeServer server;
  Process run(client(server.port()));
  TalkPeer desk(server.accept());
  desk.send(frame_header('T', 0xffffffff));
  EXPECT_TRUE(desk.hears_frame('B', "over the limit"));
  desk.close();
  EXPECT_EQ(run.exit_code(), 1);
  EXPECT_TRUE(run.complains("ERROR: protocol error: a frame 'T'"));
}

// ---- Other people's servers ----

int data_segments_in(int socket) {
  tcp_info info{};
  socklen_t size = sizeof info;
  ::getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &size);
  return static_cast<int>(info.tcpi_data_segs_in);
}

// A homework server says nothing until it is spoken to, and takes one receive for one message.
TEST(TalkClient, AServerThatGreetsNothingGetsTheKeptLinesOneBySend) {
  FakeServer server;
  Process pipe(client(server.port()));
  Peer homework(server.accept());
  pipe.type("one\ntwo\nthree\n");
  EXPECT_TRUE(homework.hears("one\ntwo\nthree\n"));
  EXPECT_EQ(homework.received(), "one\ntwo\nthree\n");
  EXPECT_EQ(data_segments_in(homework.fd()), 3);
  EXPECT_TRUE(pipe.complains("the server speaks plain lines"));
  homework.send("an answer without an end");
  EXPECT_TRUE(pipe.says("an answer without an end\n"));
  pipe.end_input();
  EXPECT_TRUE(homework.sees_end());
  homework.send("more\r\n");
  EXPECT_TRUE(pipe.says("more\n"));
  homework.close();
  EXPECT_EQ(pipe.exit_code(), 0);
  EXPECT_EQ(pipe.out(), "an answer without an end\nmore\n");
}

TEST(TalkClient, AServerOfPlainLinesIsKnownByItsFirstBytes) {
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

TEST(TalkClient, AGreetingMayComeByteByByte) {
  FakeServer server;
  Process pipe(client(server.port()));
  pipe.type("kept\n");
  Peer desk(server.accept());
  for (const char byte : std::string("TALK/1 pid=9 name=slow\r\n")) desk.send(std::string(1, byte));
  EXPECT_TRUE(desk.hears("TALK/1 name=alice\r\n"));
  EXPECT_TRUE(desk.hears(frame('T', "kept")));
  EXPECT_TRUE(pipe.complains("connected to slow"));
}

TEST(TalkClient, HalfAGreetingIsALineAfterAll) {
  FakeServer server;
  Process pipe(client(server.port()));
  Peer desk(server.accept());
  desk.send("TALK/1 name=");
  EXPECT_TRUE(pipe.says("TALK/1 name=\n"));
}

TEST(TalkClient, RawWritesWhatCameByteByByte) {
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

TEST(TalkClient, SigintSaysByeAndIsDiedOf) {
  FakeServer server;
  Process run(client(server.port()));
  TalkPeer desk(server.accept());
  EXPECT_TRUE(run.complains("connected to prof"));
  run.signal(SIGINT);
  EXPECT_TRUE(desk.hears_frame('B'));
  desk.close();
  EXPECT_EQ(run.exit_code(), -SIGINT);
}

TEST(TalkClient, AReaderThatLeavesEndsTheTalk) {
  FakeServer server;
  Process pipe({"sh", "-c", client_command(server.port()) + " | head -1"});
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

TEST(TalkClient, AFullDiskBehindStdoutIsAnError) {
  FakeServer server;
  Process run({"sh", "-c", "exec " + client_command(server.port()) + " > /dev/full"});
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
TEST(TalkClient, AStdoutThatIsNotReadHoldsTheSenderUpAndLosesNothing) {
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

}  // namespace
}  // namespace talk::test
