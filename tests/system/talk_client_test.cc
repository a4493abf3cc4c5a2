// talk_client with pipes at its ends, as scripts use it: what it says to whom, and how it ends,
// against our server and against servers that a test plays by hand.
#include <gtest/gtest.h>
#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>
#include <sstream>

#include "tests/support/client.h"
#include "tests/support/fake_server.h"
#include "tests/support/process.h"
#include "tests/support/talk_peer.h"
#include "tests/support/temp_dir.h"

namespace talk::test {
namespace {

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
  Process seq({"sh", "-c", "seq 1 100000 | " + shell_client(server.port())});
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
  EXPECT_NE(reader.err().find("-- notice from <prof>: \"a notice\"\n"), std::string::npos);
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
  EXPECT_TRUE(script.complains("connected to <prof>"));
  script.type("//x\n/who\n/nonsense\n/bye\n");
  EXPECT_TRUE(second.hears_frame('B'));
  EXPECT_EQ(second.texts(), std::vector<std::string>{"/x"});
  second.send(frame('B', ""));
  second.close();
  EXPECT_EQ(script.exit_code(), 1) << "a command was unknown";
  EXPECT_NE(script.err().find("<prof> at 127.0.0.1, process 1, TALK/1"), std::string::npos);
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
  EXPECT_TRUE(desk.hears_frame('R', u32(2) + "there is no person to ask (--accept takes files)"));
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

TEST(TalkClient, APortMayBeAServicesName) {
  if (::getservbyname("tcpmux", "tcp") == nullptr) GTEST_SKIP() << "no list of services";
  Process run({program("talk_client"), "127.0.0.1", "tcpmux"});
  EXPECT_EQ(run.exit_code(), 3);
  EXPECT_TRUE(is_one_error(run.err(), "connect to 127.0.0.1 port 1: ")) << run.err();
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
  EXPECT_TRUE(second.complains("refused by the server: \"too many sessions from your address\""));
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
    EXPECT_TRUE(run.complains("ERROR: the connection to <prof> was lost")) << run.err();
    EXPECT_EQ(run.out(), "a whole sentence\n");
  }
}

TEST(TalkClient, AResetIs4AndSoIsAServerThatClosesWithoutAWord) {
  FakeServer server;
  Process first(client(server.port()));
  TalkPeer desk(server.accept());
  EXPECT_TRUE(desk.hears("TALK/1 name=alice\r\n"));
  EXPECT_TRUE(first.complains("connected to <prof>"));
  desk.reset();
  EXPECT_EQ(first.exit_code(), 4);
  EXPECT_TRUE(first.complains("ERROR: the connection to <prof> was lost: Connection reset"));
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

}  // namespace
}  // namespace talk::test
