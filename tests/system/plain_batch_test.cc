// talk_client --send and --get with servers that know no frames: ours, and ones that behave as
// other people's do.
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <csignal>
#include <filesystem>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

#include "common/posix/address.h"
#include "common/posix/io.h"
#include "common/posix/listen.h"
#include "common/posix/socket_options.h"
#include "tests/support/fake_server.h"
#include "tests/support/peer.h"
#include "tests/support/process.h"
#include "tests/support/temp_dir.h"

namespace talk::test {
namespace {

using std::string_literals::operator""s;

// A server that does what the test tells it to, one connection after the other.
class ScriptedServer {
 public:
  ScriptedServer() : listener_(listen_on("127.0.0.1", 0)) {}
  std::string port() const { return std::to_string(local_address(listener_.get()).port); }
  void accept() {
    pollfd ready{listener_.get(), POLLIN, 0};
    ASSERT_EQ(::poll(&ready, 1, 20'000), 1);
    connection_.reset(::accept(listener_.get(), nullptr, nullptr));
    heard_.clear();
  }
  void say(const std::string& bytes) {
    ::send(connection_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
  }
  const std::string& heard() {
    std::array<char, 65536> room;
    while (!ended_()) {
      const IoResult got = receive_some(connection_.get(), room);
      if (!got.moved()) break;
      heard_.append(room.data(), got.count);
    }
    return heard_;
  }
  bool hears(const std::string& all) {
    return wait_until([&] { return heard() == all; });
  }
  // In order; a reset is none.
  bool sees_end() {
    return wait_until([&] { return heard(), ended_(); });
  }
  void close() { connection_.reset(); }
  void reset() {
    reset_on_close(connection_.get(), true);
    connection_.reset();
  }

 private:
  bool ended_() {
    char byte;
    return ::recv(connection_.get(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
  }

  OwnedFd listener_;
  OwnedFd connection_;
  std::string heard_;
};

class PlainBatch : public testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::create_directories(directory_.path() / "server");
    std::filesystem::create_directories(directory_.path() / "here");
    for (int i = 0; i < 300'000; ++i) big_ += std::to_string(i) + "\n";
    write_file(directory_ / "big", big_);
    write_file(directory_ / "server/big", big_);
    write_file(directory_ / "server/empty", "");
    write_file(directory_ / "server/no", "NO");
  }
  std::vector<std::string> client(const std::vector<std::string>& options,
                                  const std::string& port) {
    std::vector<std::string> command = {program("talk_client")};
    command.insert(command.end(), options.begin(), options.end());
    command.insert(command.end(), {"-d", directory_ / "here", "127.0.0.1", port});
    return command;
  }
  std::string here(const std::string& name) { return read_file(directory_ / ("here/" + name)); }
  std::size_t names_here() {
    return static_cast<std::size_t>(
        std::distance(std::filesystem::directory_iterator(directory_.path() / "here"), {}));
  }
  bool nothing_here() { return std::filesystem::is_empty(directory_.path() / "here"); }

  TempDir directory_;
  std::string big_;
};

TEST_F(PlainBatch, SendsToOurAccioAndUpload) {
  Server accio({"--handler", "accio"}, directory_ / "server");
  write_file(directory_ / "small", "\r\nsmall");
  Process two(
      client({"--send", directory_ / "big", directory_ / "small"}, std::to_string(accio.port())));
  EXPECT_EQ(two.exit_code(), 0) << two.err();
  EXPECT_EQ(read_file(directory_ / "server/1.file"), big_);
  EXPECT_EQ(read_file(directory_ / "server/2.file"), "\r\nsmall");
  Server upload({"--handler", "upload"}, directory_ / "server");
  Process raw(client({"--raw", "--send", directory_ / "small"}, std::to_string(upload.port())));
  EXPECT_EQ(raw.exit_code(), 0) << raw.err();
  EXPECT_EQ(read_file(directory_ / "server/1.file"), "\r\nsmall");
}

TEST_F(PlainBatch, GetsFromOurFetcherBothWays) {
  Server fetch({"--handler", "fetch"}, directory_ / "server");
  const std::string port = std::to_string(fetch.port());
  Process lines(client({"--get", "big", "empty", "no"}, port));
  EXPECT_EQ(lines.exit_code(), 0) << lines.err();
  EXPECT_TRUE(lines.err().starts_with("-- process ID ")) << lines.err();
  EXPECT_EQ(here("big"), big_);
  EXPECT_EQ(here("empty"), "");
  EXPECT_EQ(here("no"), "NO");
  Process raw(client({"--raw", "--get", "big"}, port));
  EXPECT_EQ(raw.exit_code(), 0) << raw.err();
  EXPECT_EQ(here("big-2"), big_);
  EXPECT_TRUE(fetch.process().complains("pid=" + raw.err().substr(14, raw.err().find('\n') - 14)));
  for (const char* name : {"none", "../big"}) {
    for (const bool bare : {false, true}) {
      std::vector<std::string> options = {"--get", name};
      if (bare) options.insert(options.begin(), "--raw");
      Process missing(client(options, port));
      EXPECT_EQ(missing.exit_code(), 5);
      const std::string what = "ERROR: cannot get "s + name + " from 127.0.0.1 port " + port + ": ";
      EXPECT_TRUE(missing.err().find(what) != std::string::npos) << missing.err();
    }
  }
}

TEST_F(PlainBatch, ConfirmsStepByStep) {
  ScriptedServer server;
  Process process(client({"--send", directory_ / "big"}, server.port()));
  server.accept();
  server.say("acc");
  server.say("io\r\n");
  ASSERT_TRUE(server.hears("confirm-accio\r\n"));
  server.say("accio\r\n");
  ASSERT_TRUE(server.hears("confirm-accio\r\nconfirm-accio-again\r\n\r\n" + big_));
  ASSERT_TRUE(server.sees_end());
  server.close();
  EXPECT_EQ(process.exit_code(), 0) << process.err();
}

TEST_F(PlainBatch, AServerThatLeavesInTheHandshakeIsAFailedTransfer) {
  for (const char* second : {"", "acc", "something else"}) {
    ScriptedServer server;
    Process process(client({"--send", directory_ / "big"}, server.port()));
    server.accept();
    server.say("accio\r\n");
    ASSERT_TRUE(server.hears("confirm-accio\r\n"));
    server.say(second);
    server.close();
    EXPECT_EQ(process.exit_code(), 5) << process.err();
    EXPECT_TRUE(process.err().starts_with("ERROR: ")) << process.err();
  }
}

TEST_F(PlainBatch, AResetIsALostConnection) {
  ScriptedServer server;
  Process process(client({"--send", directory_ / "big"}, server.port()));
  server.accept();
  server.say("accio\r\n");
  ASSERT_TRUE(server.hears("confirm-accio\r\n"));
  server.say("accio\r\n");
  ASSERT_TRUE(wait_until([&] { return server.heard().size() > 1000; }));
  server.reset();
  EXPECT_EQ(process.exit_code(), 4) << process.err();
}

TEST_F(PlainBatch, ARefusalAtTheDoorIsToldAndHasItsCode) {
  for (const auto& [option, words] :
       {std::pair("--send", "send big to"), std::pair("--get", "get big from")}) {
    ScriptedServer server;
    Process::Options here;
    here.directory = directory_.path();
    Process process(client({option, "big"}, server.port()), here);
    server.accept();
    server.say("ERROR: too many sessions from your address\r\n");
    server.close();
    EXPECT_EQ(process.exit_code(), 3) << process.err();
    EXPECT_EQ(process.err(), "ERROR: cannot "s + words + " 127.0.0.1 port " + server.port() +
                                 ": the server refuses: too many sessions from your address\n");
  }
}

TEST_F(PlainBatch, AResetInsteadOfAGreetingIsALostConnection) {
  for (const char* const what : {"--send", "--get"}) {
    ScriptedServer server;
    Process process(client({"--retry", "0", what, directory_ / "big"}, server.port()));
    server.accept();
    server.reset();
    EXPECT_EQ(process.exit_code(), 4) << process.err();
    EXPECT_TRUE(process.err().starts_with("ERROR: cannot ")) << process.err();
  }
}

// The story: a file poured into somebody's chat, line by line.
TEST_F(PlainBatch, NothingIsPouredIntoSomebodysChat) {
  ScriptedServer server;
  Process process(client({"--send", directory_ / "big"}, server.port()));
  server.accept();
  server.say("Welcome to my chat!\r\n");
  EXPECT_EQ(process.exit_code(), 5);
  EXPECT_TRUE(process.err().starts_with("ERROR: cannot send " + (directory_ / "big") +
                                        " to 127.0.0.1 port " + server.port() + ": "))
      << process.err();
  EXPECT_TRUE(process.err().find("--raw") != std::string::npos) << process.err();
  EXPECT_TRUE(server.sees_end());
  EXPECT_EQ(server.heard(), "");
}

// The story: a chat server whose every visitor got the banner died of the reset, because a caller
// that found it to be the wrong one closed on the banner unread.
TEST_F(PlainBatch, AServerThatIsTheWrongOneIsLeftWithoutAReset) {
  for (const char* const what : {"--send", "--get"}) {
    ScriptedServer server;
    Process::Options from;
    from.directory = directory_.path();
    Process process(client({what, "big"}, server.port()), from);
    server.accept();
    server.say("Welcome to my chat!\r\n");
    if (what == "--get"s) {
      ASSERT_TRUE(server.hears("big\n"));
      server.say("<big> hello\r\n");
    }
    ASSERT_TRUE(server.sees_end());
    server.say("Goodbye!\r\n");
    server.close();
    EXPECT_EQ(process.exit_code(), 5);
    EXPECT_TRUE(process.err().find("--raw") != std::string::npos) << process.err();
  }
}

TEST_F(PlainBatch, RawPoursWhateverGreetsIt) {
  ScriptedServer server;
  Process process(client({"--raw", "--send", directory_ / "big"}, server.port()));
  server.accept();
  server.say("Welcome to my sink!\r\n");
  EXPECT_TRUE(server.hears(big_));
  EXPECT_TRUE(server.sees_end());
  server.close();
  EXPECT_EQ(process.exit_code(), 0) << process.err();
}

// The story: megabytes were still in the kernel when the last of a file was handed to it, the link
// was slow, and 10 s later the upload was called lost, although it arrived.
TEST_F(PlainBatch, ASlowLinkHasTheTimeThatItNeeds) {
  FakeServer server;
  const int small = 4096;
  ::setsockopt(server.fd(), SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
  Process process(client({"--raw", "--send", directory_ / "big"}, std::to_string(server.port())));
  const OwnedFd sink = server.accept();
  std::vector<char> room(150'000);
  std::string got;
  while (true) {
    const ssize_t count = ::recv(sink.get(), room.data(), room.size(), MSG_WAITALL);
    if (count <= 0) break;
    got.append(room.data(), static_cast<std::size_t>(count));
    std::this_thread::sleep_for(milliseconds(1000));  // the link's rate
  }
  EXPECT_TRUE(got == big_);
  ::shutdown(sink.get(), SHUT_RDWR);
  EXPECT_EQ(process.exit_code(), 0) << process.err();
}

// A part of a file must not look like a whole one to the sink.
TEST_F(PlainBatch, AKilledUploadLeavesTheWordError) {
  Server upload({"--handler", "upload"}, directory_ / "server");
  const std::string fifo_like = directory_ / "huge";
  Process make({"truncate", "-s", "20G", fifo_like});
  ASSERT_EQ(make.exit_code(), 0);
  Process process(client({"--raw", "--send", fifo_like}, std::to_string(upload.port())));
  ASSERT_TRUE(wait_until([&] {  // some of it has come
    for (const auto& entry : std::filesystem::directory_iterator(directory_ / "server"))
      if (entry.path().filename().string().starts_with(".") && entry.file_size() > 0) return true;
    return false;
  }));
  process.signal(SIGKILL);
  EXPECT_TRUE(wait_until([&] {
    return std::filesystem::exists(directory_ / "server/1.file") &&
           read_file(directory_ / "server/1.file") == "ERROR";
  }));
}

// The story: a download of hours was stopped with ^C, and left its 300 MB hidden where nothing
// would ever go on with them.
TEST_F(PlainBatch, AnInterruptedGetLeavesNothing) {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    ScriptedServer server;
    Process process(client({"--raw", "--get", "x"}, server.port()));
    server.accept();
    ASSERT_TRUE(server.hears("x"));
    server.say("8402\n");
    server.say(big_);
    ASSERT_TRUE(wait_until([&] { return !nothing_here(); }));
    process.signal(signal);
    EXPECT_EQ(process.exit_code(), -signal);
    EXPECT_TRUE(nothing_here());
  }
}

TEST_F(PlainBatch, WhatAKilledGetLeftIsSweptByTheNext) {
  ScriptedServer server;
  Process killed(client({"--raw", "--get", "x"}, server.port()));
  server.accept();
  ASSERT_TRUE(server.hears("x"));
  server.say("8402\n" + big_);
  ASSERT_TRUE(wait_until([&] { return !nothing_here(); }));
  {  // one that is still on its way is left alone
    ScriptedServer second;
    Process other(client({"--raw", "--get", "y"}, second.port()));
    second.accept();
    ASSERT_TRUE(second.hears("y"));
    second.say("8403\n");
    second.say("first");
    second.close();
    EXPECT_EQ(other.exit_code(), 0) << other.err();
    EXPECT_EQ(names_here(), 2u);
  }
  killed.signal(SIGKILL);
  EXPECT_EQ(killed.exit_code(), -SIGKILL);
  EXPECT_EQ(names_here(), 2u);
  ScriptedServer third;
  Process next(client({"--raw", "--get", "z"}, third.port()));
  third.accept();
  ASSERT_TRUE(third.hears("z"));
  third.say("8404\n");
  third.say("last");
  third.close();
  EXPECT_EQ(next.exit_code(), 0) << next.err();
  EXPECT_EQ(names_here(), 2u);
  EXPECT_EQ(here("z"), "last");
}

TEST_F(PlainBatch, AShortFileIsNeverCalledComplete) {
  ScriptedServer server;
  Process process(client({"--get", "x"}, server.port()));
  server.accept();
  ASSERT_TRUE(server.hears("x\n"));  // asked after the silence
  server.say("8402 OK 10\nhello");
  server.close();
  EXPECT_EQ(process.exit_code(), 4) << process.err();
  EXPECT_TRUE(nothing_here());
}

TEST_F(PlainBatch, HomeworkServersAreAskedWithTheBareName) {
  for (const auto& [id, file] : std::vector<std::pair<std::string, std::string>>{
           {"8402", "1 bottle"}, {"8402\n", "hello"}, {"8402", ""}}) {
    ScriptedServer server;
    Process process(client({"--raw", "--get", "x"}, server.port()));
    server.accept();
    ASSERT_TRUE(server.hears("x"));
    server.say(id);
    std::this_thread::sleep_for(milliseconds(1000));  // as such servers do
    server.say(file);
    server.close();
    EXPECT_EQ(process.exit_code(), 0) << process.err();
    EXPECT_TRUE(process.err().starts_with("-- process ID 8402\n"));
    EXPECT_EQ(here("x"), file);
    std::filesystem::remove(directory_.path() / "here/x");
  }
}

TEST_F(PlainBatch, SomebodyElsesServiceIsNoFetcher) {
  Server echo({"--handler", "echo"});
  Process process(client({"--get", "name"}, std::to_string(echo.port())));
  EXPECT_EQ(process.exit_code(), 5);
  EXPECT_TRUE(nothing_here());
}

// The interactive client's typed lines are the client of echo and store.
TEST_F(PlainBatch, TypedLinesAreTheClientOfEchoAndStore) {
  Server store({"--handler", "store"}, directory_ / "server");
  Process process(client({"--raw"}, std::to_string(store.port())));
  process.type("put 1 one\nget 1\n");
  EXPECT_TRUE(process.says("OK\none\n"));
  process.type("bye\n");
  EXPECT_TRUE(process.says("Goodbye\n"));
  process.end_input();
  EXPECT_EQ(process.exit_code(), 0) << process.err();
}

}  // namespace
}  // namespace talk::test
