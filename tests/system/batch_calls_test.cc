// talk_client --send and --get with servers that are full, say nothing, or break the link before
// they have greeted.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/socket.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "tests/support/client.h"
#include "tests/support/fake_server.h"
#include "tests/support/process.h"
#include "tests/support/talk_peer.h"
#include "tests/support/temp_dir.h"

namespace talk::test {
namespace {

const char* const kMayBeFull = "nothing was heard yet: it may be full";

class BatchCalls : public testing::Test {
 protected:
  BatchCalls() {
    std::filesystem::create_directory(directory_ / "desk");
    std::filesystem::create_directory(directory_ / "here");
    write_file(directory_ / "notes", "some notes");
  }
  std::vector<std::string> send(int port, std::vector<std::string> options = {}) {
    options.insert(options.begin(), {"--send", directory_ / "notes"});
    return client(port, options);
  }
  std::vector<std::string> get(int port, std::vector<std::string> options = {}) {
    options.insert(options.begin(), {"-d", directory_ / "here", "--get", "notes"});
    return client(port, options);
  }
  std::vector<std::string> one_at_a_time() {
    return {"--terminal", "none", "--max-sessions", "1", "--share", directory_.path()};
  }

  TempDir directory_;
};

// The story: at a full server --send gave up after 10 s and said that it does not speak TALK/1.
TEST_F(BatchCalls, AFullServerIsWaitedForAndThenSentTo) {
  Server server(one_at_a_time(), directory_ / "desk");
  TalkPeer holder(server.port());
  ASSERT_TRUE(holder.is_answered());
  Process sender(send(server.port()));
  EXPECT_TRUE(sender.complains(kMayBeFull)) << sender.err();
  holder.close();
  EXPECT_EQ(sender.exit_code(), 0) << sender.err();
  EXPECT_EQ(read_file(directory_ / "desk/notes"), "some notes");
}

// A full server has not seen the line that asks for the name; when it greets after all, it is asked
// again in frames.
TEST_F(BatchCalls, AFullServerIsAskedInFramesOnceItGreets) {
  Server server(one_at_a_time(), directory_ / "desk");
  TalkPeer holder(server.port());
  ASSERT_TRUE(holder.is_answered());
  Process getter(get(server.port()));
  EXPECT_TRUE(getter.complains(kMayBeFull)) << getter.err();
  holder.close();
  EXPECT_EQ(getter.exit_code(), 0) << getter.err();
  EXPECT_EQ(read_file(directory_ / "here/notes"), "some notes");
  EXPECT_TRUE(server.logs("session 3 opened"));
}

TEST_F(BatchCalls, TheServerThatGreetedTooLateIsCalledAgain) {
  FakeServer server;
  Process getter(get(server.port()));
  Peer first(server.accept());
  EXPECT_TRUE(first.hears("notes\n"));
  first.send("TALK/1 name=pr");
  first.send("of\r\n");
  EXPECT_TRUE(first.sees_end());
  TalkPeer second(server.accept());
  EXPECT_TRUE(second.hears_frame('G', u32(1) + "notes"));
  EXPECT_EQ(second.greeting(), "TALK/1 name=alice");
}

TEST_F(BatchCalls, AServerThatIsSilentForLongIsStillUnderstood) {
  FakeServer server;
  Process sender(send(server.port()));
  Peer accio(server.accept());
  EXPECT_TRUE(sender.complains(kMayBeFull)) << sender.err();
  accio.send("accio\r\n");
  EXPECT_TRUE(accio.hears("confirm-accio\r\n"));
  accio.send("accio\r\n");
  EXPECT_TRUE(accio.hears("confirm-accio-again\r\n\r\nsome notes"));
  EXPECT_TRUE(accio.sees_end());
  accio.close();
  EXPECT_EQ(sender.exit_code(), 0) << sender.err();
}

TEST_F(BatchCalls, OfAServerThatStaysSilentNothingIsClaimed) {
  FakeServer server;
  Process sender(send(server.port(), {"--retry", "0"}));
  Peer silent(server.accept());
  EXPECT_EQ(sender.exit_code(), 5);
  EXPECT_NE(sender.err().find("ERROR: cannot send " + (directory_ / "notes")), std::string::npos);
  EXPECT_NE(sender.err().find("nothing was heard"), std::string::npos) << sender.err();
  EXPECT_EQ(sender.err().find("does not speak"), std::string::npos) << sender.err();
  EXPECT_EQ(silent.received(), "");
}

// The story: a server that was just being restarted closed the connection before its greeting, and
// --retry, which is there for broken links, did not care.
TEST_F(BatchCalls, ALinkThatBreaksBeforeTheGreetingIsTriedAgain) {
  for (const bool by_reset : {false, true}) {
    FakeServer server;
    Process sender(send(server.port()));
    Process getter(get(server.port()));
    for (int i = 0; i < 4; ++i) {
      Peer broken(server.accept());
      by_reset ? broken.reset() : broken.close();
    }
    EXPECT_TRUE(sender.complains("trying again for 60 s")) << sender.err();
    EXPECT_TRUE(getter.complains("trying again for 60 s")) << getter.err();
    for (int i = 0; i < 2; ++i) {
      TalkPeer desk(server.accept());
      EXPECT_TRUE(wait_until([&] {
        return desk.hears_frame('O', "notes", milliseconds(10)) ||
               desk.hears_frame('G', "notes", milliseconds(10));
      }));
      desk.send(frame('R', u32(1) + "not today"));
      EXPECT_TRUE(desk.hears_frame('B'));
      desk.send(frame('B', ""));
    }
    EXPECT_EQ(sender.exit_code(), 5) << sender.err();
    EXPECT_EQ(getter.exit_code(), 5) << getter.err();
  }
}

// The story: a server that went down in the middle of its greeting was waited for by 3 s of looking
// at the same bytes, and then "does not speak TALK/1".
TEST_F(BatchCalls, ALinkThatBreaksInTheMiddleOfTheGreetingIsTriedAgain) {
  for (const bool by_reset : {false, true}) {
    for (const bool sends : {false, true}) {
      FakeServer server;
      Process process(sends ? send(server.port()) : get(server.port()));
      Peer broken(server.accept());
      broken.send("TALK/1 pi");
      by_reset ? broken.reset() : broken.close();
      EXPECT_TRUE(process.complains("trying again for 60 s")) << process.err();
      TalkPeer desk(server.accept());
      EXPECT_TRUE(desk.hears_frame(sends ? 'O' : 'G', "notes"));
      desk.send(frame('R', u32(1) + "not today"));
      EXPECT_TRUE(desk.hears_frame('B'));
      desk.send(frame('B', ""));
      EXPECT_EQ(process.exit_code(), 5) << process.err();
    }
  }
}

// The story: a full server was stopped while --get waited for its answer, and was not called again.
TEST_F(BatchCalls, ALinkThatBreaksBeforeTheAnswerToALineIsTriedAgain) {
  FakeServer server;
  Process getter(get(server.port()));
  Peer silent(server.accept());
  EXPECT_TRUE(silent.hears("notes\n"));
  silent.reset();
  EXPECT_TRUE(getter.complains("trying again for 60 s")) << getter.err();
  Peer fetcher(server.accept());
  EXPECT_TRUE(fetcher.hears("notes\n"));
  fetcher.send("8402 OK 10\nsome notes");
  fetcher.close();
  EXPECT_EQ(getter.exit_code(), 0) << getter.err();
  EXPECT_EQ(read_file(directory_ / "here/notes"), "some notes");
}

// … and where no further call is wanted it is a lost connection.
TEST_F(BatchCalls, ALinkThatBreaksBeforeTheAnswerToALineIsLost) {
  FakeServer server;
  Process getter(get(server.port(), {"--retry", "0"}));
  Peer silent(server.accept());
  EXPECT_TRUE(silent.hears("notes\n"));
  silent.reset();
  EXPECT_EQ(getter.exit_code(), 4);
  EXPECT_TRUE(getter.err().starts_with("ERROR: cannot get notes from ")) << getter.err();
}

// … and while it is down, there is nobody to connect to.
TEST_F(BatchCalls, ARefusedConnectionIsTriedAgainOnceThereWasAServer) {
  int port = 0;
  std::optional<Process> sender;
  {
    FakeServer server;
    port = server.port();
    sender.emplace(send(port));
    Peer broken(server.accept());
  }
  EXPECT_TRUE(sender->complains("trying again for 60 s")) << sender->err();
  Process restarted({program("talk_server"), "--terminal", "none", "-b", "127.0.0.1",
                     std::to_string(port), directory_ / "desk"});
  EXPECT_EQ(sender->exit_code(), 0) << sender->err();
  EXPECT_EQ(read_file(directory_ / "desk/notes"), "some notes");
  restarted.signal(SIGTERM);
  EXPECT_EQ(restarted.exit_code(), 0);
}

// A refusal stays one, also where the link is lost afterwards.
TEST_F(BatchCalls, ARefusedFileIsCodeFiveWhicheverWayTheTalkEnds) {
  write_file(directory_ / "more", "more notes");
  FakeServer server;
  Process sender(client(server.port(), {"--retry", "0", "--send", directory_ / "notes",
                                        directory_ / "more", "--plain"}));
  TalkPeer desk(server.accept());
  EXPECT_TRUE(desk.hears_frame('O', "more"));
  desk.send(frame('R', u32(1) + "not today"));
  EXPECT_TRUE(sender.complains("not today"));
  desk.reset();
  EXPECT_EQ(sender.exit_code(), 5) << sender.err();
  EXPECT_TRUE(sender.complains("more")) << sender.err();
}

bool is_connecting_to(int port) {
  char remote[16];
  std::snprintf(remote, sizeof remote, ":%04X 02 ", static_cast<unsigned>(port));
  std::ifstream table("/proc/net/tcp");
  for (std::string line; std::getline(table, line);)
    if (line.find(remote) != std::string::npos) return true;
  return false;
}

// The story: a machine that answers no call, and a ^C that is not heard until the timeout.
TEST_F(BatchCalls, AnInterruptIsHeardWhileConnecting) {
  FakeServer server;
  ::listen(server.fd(), 0);
  const Peer first(server.port());
  Process sender(send(server.port(), {"--timeout", "600"}));
  ASSERT_TRUE(wait_until([&] { return is_connecting_to(server.port()); }));
  sender.signal(SIGINT);
  EXPECT_EQ(sender.exit_code(), -SIGINT);
}

}  // namespace
}  // namespace talk::test
