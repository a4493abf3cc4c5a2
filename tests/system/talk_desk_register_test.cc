// The register that talk_desk reads: whose it is, and what becomes of it.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>

#include <memory>

#include "common/desk/register.h"
#include "tests/support/client.h"
#include "tests/support/proc.h"
#include "tests/support/process.h"
#include "tests/support/talk_desk_fixture.h"
#include "tests/support/talk_peer.h"

namespace talk::test {
namespace {

using TalkDeskRegister = TalkDeskFixture;

TEST_F(TalkDeskRegister, TheRegisterIsPrivateAndGoneAfterAStop) {
  auto server = serve();
  TalkPeer alice(server->port());
  ASSERT_TRUE(lists("\"session\": 1"));
  const std::string directory = register_of(*server);
  struct stat status {};
  ASSERT_EQ(::stat(directory.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0700u);
  server.reset();
  EXPECT_TRUE(wait_until([&] { return !std::filesystem::exists(directory); }));
}

TEST_F(TalkDeskRegister, AStopThatHasToKillLeavesNothingEither) {
  auto server = serve();
  TalkPeer alice(server->port());
  ASSERT_TRUE(lists("\"session\": 1"));
  const std::string directory = register_of(*server);
  ::kill(alice.handler_pid(), SIGSTOP);
  server.reset();
  EXPECT_FALSE(std::filesystem::exists(directory));
}

// Killed with -9 a server leaves its sessions running. They are on no board, and when they end they
// take nothing of the next server's away.
TEST_F(TalkDeskRegister, AServerThatWasKilledLeavesNothingThatConfusesTheNext) {
  auto first = serve();
  const int number = first->port();
  TalkPeer orphan(number);
  ASSERT_TRUE(lists("\"session\": 1"));
  first->process().signal(SIGKILL);
  ASSERT_TRUE(first->process().exit_code());
  EXPECT_EQ(desk({"list"}).code, 1);

  Process second({program("talk_server"), "--terminal", "none", port, files.path()}, environment());
  ASSERT_TRUE(second.says("listening on"));
  EXPECT_TRUE(lists("\"sessions\": []"));
  TalkPeer bob(number, "TALK/1 name=bob\r\n");
  ASSERT_TRUE(lists("\"session\": 1, \"name\": \"bob\""));
  EXPECT_TRUE(orphan.is_answered());
  orphan.close();
  ASSERT_TRUE(wait_until([&] { return is_dead(orphan.handler_pid()); }));
  EXPECT_TRUE(lists("\"session\": 1, \"name\": \"bob\""));
  EXPECT_EQ(desk({"say", "1", "hello"}).code, 0);
  EXPECT_TRUE(bob.hears_frame('T', "hello"));
  second.signal(SIGTERM);
  EXPECT_EQ(second.exit_code(), 0);
  EXPECT_FALSE(std::filesystem::exists(runtime / ("talk/" + port)));
}

// A register that cannot be made is no reason to turn visitors away.
TEST_F(TalkDeskRegister, WithoutARegisterVisitorsAreServedAllTheSame) {
  Process::Options options = environment();
  options.environment["XDG_RUNTIME_DIR"] = runtime / std::string(150, 'x');
  std::filesystem::create_directory(runtime / std::string(150, 'x'));
  Server server({"--terminal", "none"}, files.path(), options);
  TalkPeer alice(server.port());
  EXPECT_TRUE(alice.is_answered());
  EXPECT_TRUE(server.logs("no board can see this server"));
}

// The kernel's record of what the listener does: it hears whoever asks at the register, and reads
// nothing from a visitor.
TEST_F(TalkDeskRegister, TheListenerStillReadsNoByteOfAVisitor) {
  const std::string record = files / "record";
  Process::Options traced = environment();
  traced.environment["ASAN_OPTIONS"] = "detect_leaks=0";  // which needs to trace for itself
  Process server(
      {"strace", "-yy", "-o", record, "-e", "trace=read,readv,recvfrom,recvmsg,recvmmsg",
       program("talk_server"), "-t", "none", "-m", "1", "-b", "127.0.0.1", "0", files.path()},
      traced);
  if (!server.says("\n")) GTEST_SKIP() << "nothing may be traced here: " << server.err();
  const std::string& line = server.out();
  port = line.substr(line.rfind(':') + 1, line.size() - line.rfind(':') - 2);
  TalkPeer alice(std::stoi(port));
  alice.send(frame('T', "words"));
  Peer waiting(std::stoi(port));
  waiting.send("unheard");
  EXPECT_TRUE(lists("\"waiting\": 1"));
  EXPECT_TRUE(lists("\"unread\": 1"));
  ::kill(children_of(server.pid()).at(0), SIGTERM);
  ASSERT_EQ(server.exit_code(), 0) << server.err();
  const std::string text = read_file(record);
  EXPECT_NE(text.find("<UNIX"), std::string::npos) << text;
  EXPECT_EQ(text.find("<TCP"), std::string::npos) << text;
}

}  // namespace
}  // namespace talk::test
