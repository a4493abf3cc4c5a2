// The echo service with the clients that people have, and with those that mean it ill.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/socket.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/peer.h"
#include "tests/support/process.h"
#include "tests/support/temp_dir.h"

namespace talk::test {
namespace {

using std::string_literals::operator""s;

class EchoService : public testing::Test {
 protected:
  int port() const { return server_.port(); }
  std::string port_text() const { return std::to_string(port()); }
  bool sessions_closed(const std::string& number) {
    return server_.process().complains("session " + number + " closed exit=0");
  }
  // Another visitor is served while the one under test does its worst.
  void expect_quick() {
    Peer other(port());
    other.send("still there?\n");
    EXPECT_TRUE(other.hears("still there?\n"));
  }

  Server server_{{"--handler", "echo"}};
};

struct RealClient {
  const char* name;
  std::string command;  // in a shell; PORT stands for the port
  std::string output;
};

TEST_F(EchoService, RealClientsHearThemselves) {
  const std::vector<RealClient> clients = {
      {"nc -N", "printf 'one\\ntwo\\n' | nc -N 127.0.0.1 PORT", "one\ntwo\n"},
      {"nc -N, no line end", "printf 'one' | nc -N 127.0.0.1 PORT", "one"},
      {"nc and :exit", "printf 'one\\n:exit\\n' | nc 127.0.0.1 PORT", "one\n"},
      {"nc, :exit without an end", "printf ':exit' | nc 127.0.0.1 PORT", ""},
      {"nc -C", "printf 'one\\n:exit\\n' | nc -C 127.0.0.1 PORT", "one\r\n"},
      {"ncat", "printf 'one\\n' | ncat 127.0.0.1 PORT", "one\n"},
      {"telnet",
       "(printf 'one\\n'; sleep 0.2; printf ':exit\\n'; sleep 0.2) | telnet 127.0.0.1 PORT | tail "
       "-n 1",
       "one\n"},
      {"curl", "printf 'one\\n:exit\\n' | curl -sN --max-time 10 telnet://127.0.0.1:PORT", "one\n"},
  };
  for (const RealClient& client : clients) {
    SCOPED_TRACE(client.name);
    std::string command = client.command;
    command.replace(command.find("PORT"), 4, port_text());
    Process process({"sh", "-c", command});
    ASSERT_TRUE(process.exit_code()) << process.err();
    EXPECT_EQ(process.out(), client.output) << process.err();
  }
}

TEST(EchoServiceOnIpv6, IsTheSame) {
  Server server({"--handler", "echo", "--bind", "::1"});
  Process client({"sh", "-c", "echo one | nc -6 -N ::1 " + std::to_string(server.port())});
  EXPECT_TRUE(client.says("one\n"));
}

TEST_F(EchoService, EveryByteComesBackUnchanged) {
  std::string bytes;
  for (int i = 0; i < 200'000; ++i) bytes.push_back(static_cast<char>(i * 7 + i / 256));
  Peer peer(port());
  peer.send("x" + bytes);
  peer.half_close();
  ASSERT_TRUE(peer.sees_end());
  EXPECT_EQ(peer.received(), "x" + bytes);
}

TEST_F(EchoService, ExitEndsTheSessionWhateverEndsIt) {
  for (const std::string& ending : {"\n"s, "\r\n"s, "\0"s, "\0stale"s, ""s}) {
    Peer peer(port());
    peer.send("a\n:exit" + ending);
    if (ending.empty()) peer.half_close();
    EXPECT_TRUE(peer.sees_end());
    EXPECT_EQ(peer.received(), "a\n");
    EXPECT_FALSE(peer.was_reset());
  }
}

TEST_F(EchoService, AClientThatEndsItsMessagesWithNothing) {
  Peer peer(port());
  peer.send("hello");
  ASSERT_TRUE(peer.hears("hello"));
  peer.send(":ex");
  ASSERT_TRUE(peer.hears("hello:ex"));
  peer.send(":exit");
  EXPECT_TRUE(peer.sees_end());
  EXPECT_EQ(peer.received(), "hello:ex");
}

TEST_F(EchoService, WordsBehindExitDoNotCostTheLastWords) {
  // A reset because of unread bytes could overtake what was echoed before.
  for (int i = 0; i < 20; ++i) {
    Peer peer(port());
    peer.send("last words\n:exit\n" + std::string(100'000, 'x'));
    ASSERT_TRUE(peer.sees_end());
    ASSERT_EQ(peer.received(), "last words\n");
  }
}

// The story: a client that loops on its own end of file and sends one line for ever.
TEST_F(EchoService, AClientThatSpinsAfterExitIsLeft) {
  Peer spinner(port());
  spinner.send(":exit\n");
  EXPECT_TRUE(wait_until([&] {
    try {
      spinner.send("again\n");
    } catch (const std::exception&) {
      return true;
    }
    return false;
  }));
  EXPECT_TRUE(sessions_closed("1"));
}

// The story: a fixed buffer sent in a loop, as fast as the machine can.
TEST_F(EchoService, AFloodOfNulsIsBorne) {
  Process flood(
      {"sh", "-c", "head -c 300000000 /dev/zero | nc -N 127.0.0.1 " + port_text() + " | wc -c"});
  expect_quick();
  EXPECT_TRUE(flood.says("300000000\n"));
}

TEST_F(EchoService, AClientThatNeverReadsIsNotReadEither) {
  Peer deaf(port());
  deaf.shrink_receive_buffer();
  const std::string block(100'000, 'x');
  std::size_t sent = 0;
  EXPECT_TRUE(wait_until([&] {
    const auto count = ::send(deaf.fd(), block.data(), block.size(), MSG_DONTWAIT);
    if (count > 0) sent += static_cast<std::size_t>(count);
    return sent > 200'000'000 || count < 0;
  }));
  EXPECT_LT(sent, 100'000'000u);
  expect_quick();
  deaf.reset();
  EXPECT_TRUE(sessions_closed("1"));
}

TEST_F(EchoService, NothingIsLostForASlowReader) {
  Peer slow(port());
  const std::string block(3'000'000, 'y');
  std::size_t sent = 0;
  EXPECT_TRUE(wait_until([&] {  // reads only when it can send no more
    const auto count = ::send(slow.fd(), block.data() + sent, block.size() - sent, MSG_DONTWAIT);
    if (count > 0) sent += static_cast<std::size_t>(count);
    if (count < 0) slow.received();
    return sent == block.size();
  }));
  slow.half_close();
  ASSERT_TRUE(slow.sees_end());
  EXPECT_EQ(slow.received().size(), block.size());
}

TEST_F(EchoService, AClientThatResetsOrVanishesIsForgotten) {
  Peer resets(port());
  resets.send("x\n");
  ASSERT_TRUE(resets.hears("x\n"));
  resets.reset();
  EXPECT_TRUE(sessions_closed("1"));
  Peer leaves(port());
  leaves.close();
  EXPECT_TRUE(sessions_closed("2"));
  Process killed({"sh", "-c", "exec nc 127.0.0.1 " + port_text()});
  killed.type("x\n");
  ASSERT_TRUE(killed.says("x\n"));
  killed.signal(SIGKILL);
  EXPECT_TRUE(sessions_closed("3"));
}

TEST_F(EchoService, ManyAtOnce) {
  std::vector<std::unique_ptr<Peer>> peers;
  for (int i = 0; i < 50; ++i) peers.push_back(std::make_unique<Peer>(port()));
  for (int i = 0; i < 50; ++i) peers[static_cast<std::size_t>(i)]->send(std::to_string(i) + "\n");
  for (int i = 0; i < 50; ++i)
    EXPECT_TRUE(peers[static_cast<std::size_t>(i)]->hears(std::to_string(i) + "\n"));
}

}  // namespace
}  // namespace talk::test
