#include "common/desk/control_socket.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <memory>
#include <vector>

#include "common/desk/control_client.h"
#include "common/posix/unix_socket.h"
#include "tests/support/control_loop.h"
#include "tests/support/peer.h"
#include "tests/support/temp_dir.h"

namespace talk {
namespace {

using namespace test;

class ControlSocketTest : public ::testing::Test {
 protected:
  Peer call() { return Peer(connect_to_path(path)); }

  TempDir directory;
  std::string path = directory / "3";
  std::atomic<int> asked = 0;
  ControlSocket socket{path, [this](std::string_view request) {
                         ++asked;
                         return "you said " + std::string(request);
                       }};
  ControlLoop loop{socket};
};

TEST_F(ControlSocketTest, AnswersALineWithALine) {
  Peer client = call();
  client.send("status\nsay a");
  EXPECT_TRUE(client.hears("you said status\n"));
  client.send("b\n");
  EXPECT_TRUE(client.hears("you said say ab\n"));
}

TEST_F(ControlSocketTest, ServesOneWhileOthersStall) {
  std::vector<Peer> stalling;
  for (std::size_t i = 1; i < ControlSocket::kMostClients; ++i) {
    stalling.push_back(call());
    stalling.back().send("half a request");
  }
  Peer client = call();
  client.send("status\n");
  EXPECT_TRUE(client.hears("you said status\n"));
}

// Somebody's script calls again and again and never hangs up.
TEST_F(ControlSocketTest, ANewcomerTakesThePlaceOfTheIdlest) {
  Peer first = call();
  first.send("one\n");
  ASSERT_TRUE(first.hears("you said one\n"));
  std::vector<Peer> idle;
  for (std::size_t i = 0; i < ControlSocket::kMostClients; ++i) {
    idle.push_back(call());
    idle.back().send("here\n");
    ASSERT_TRUE(idle.back().hears("you said here\n"));
  }
  EXPECT_TRUE(first.sees_end());
}

// A broken board that asks as fast as it can must not keep the session from its talk.
TEST_F(ControlSocketTest, AFloodIsAnsweredAtAPace) {
  Peer client = call();
  const int before = loop.turns();
  const Time start = Clock::now();
  std::string flood;
  for (int i = 0; i < 1000; ++i) flood += "status\n";
  client.send(flood);
  ASSERT_TRUE(wait_until([&] { return asked >= 20; }));
  const auto passed = std::chrono::duration_cast<milliseconds>(Clock::now() - start);
  EXPECT_LE(asked, 10 + 2 + passed / milliseconds(20));
  EXPECT_LE(loop.turns() - before, 200);  // it does not spin meanwhile
}

TEST_F(ControlSocketTest, ARequestWithoutAnEndIsNotCollectedForEver) {
  Peer client = call();
  client.send(std::string(ControlSocket::kMostRequest + 4096, 'x'));
  EXPECT_TRUE(client.sees_end());
  EXPECT_EQ(asked, 0);
}

TEST_F(ControlSocketTest, AReaderThatStopsHoldsNobodyUp) {
  Peer deaf = call();
  const std::string long_request(60'000, 'x');
  for (int i = 0; i < 3; ++i) deaf.send(long_request + "\n");
  Peer client = call();
  client.send("status\n");
  EXPECT_TRUE(client.hears("you said status\n"));
}

// The socket's file may be open to all by a careless umask, the directory by a careless chmod.
TEST_F(ControlSocketTest, AnotherUsersProcessIsNotAnswered) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root to become somebody else";
  ASSERT_EQ(::chmod(directory.path().c_str(), 0755), 0);
  ASSERT_EQ(::chmod(path.c_str(), 0777), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    constexpr uid_t kNobody = 65534;
    char byte = 0;
    if (::setuid(kNobody) != 0) ::_exit(2);
    try {
      const OwnedFd connection = connect_to_path(path);
      const bool sent = ::write(connection.get(), "status\n", 7) == 7;
      ::_exit(sent && ::read(connection.get(), &byte, 1) == 1 ? 1 : 0);
    } catch (const std::exception&) {
      ::_exit(3);  // it has to get as far as the door
    }
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(WEXITSTATUS(status), 0);
  EXPECT_EQ(asked, 0);
}

TEST(ControlSocket, IsGoneWithItsOwnerAndReplacesWhatADeadOneLeft) {
  const TempDir directory;
  const std::string path = directory / "3";
  const auto echo = [](std::string_view request) { return std::string(request); };
  { const OwnedFd killed = listen_at_path(path, 1); }
  auto older = std::make_unique<ControlSocket>(path, echo);
  const ControlSocket newer(path, echo);
  older.reset();  // must not take away what is no longer its own
  EXPECT_EQ(::access(path.c_str(), F_OK), 0);
  { const ControlSocket another(directory / "4", echo); }
  EXPECT_NE(::access((directory / "4").c_str(), F_OK), 0);
}

TEST(ControlClient, NeverWaitsForAProcessThatStandsStill) {
  const TempDir directory;
  const std::string path = directory / "3";
  const OwnedFd frozen = listen_at_path(path, 0);
  std::vector<std::unique_ptr<ControlClient>> clients;
  const auto call_until_full = [&] {
    for (int i = 0; i < 100; ++i) clients.push_back(std::make_unique<ControlClient>(path));
  };
  EXPECT_THROW(call_until_full(), std::system_error);
  ASSERT_FALSE(clients.empty());
  EXPECT_EQ(clients[0]->process(), ::getpid());
  clients[0]->ask("status");
  EXPECT_TRUE(clients[0]->asking());
}

}  // namespace
}  // namespace talk
