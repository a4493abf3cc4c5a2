// talk_client --send with servers that know no frames, and both ways where the server is not what
// it should be: ours, and ones that behave as other people's do.
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <csignal>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/fake_server.h"
#include "tests/support/plain_batch_fixture.h"
#include "tests/support/process.h"
#include "tests/support/temp_dir.h"

namespace talk::test {
namespace {

using std::string_literals::operator""s;

class PlainBatch : public PlainBatchFixture {};

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
    EXPECT_EQ(process.err(),
              "ERROR: cannot "s + words + " 127.0.0.1 port " + server.port() +
                  ": refused by the server: \"too many sessions from your address\"\n");
  }
}

// The story: a server's reason went on with words of ours, and the file was said to be stored.
TEST_F(PlainBatch, WordsOfARefusingServerCannotPassForOurs) {
  for (const auto& [option, words] :
       {std::pair("--send", "ERROR: no room; the file was stored as \"/etc/passwd\"\r\n"),
        std::pair("--get", "123 NO no room; the file was stored as \"/etc/passwd\"\n")}) {
    ScriptedServer server;
    Process::Options here;
    here.directory = directory_.path();
    Process process(client({option, "big"}, server.port()), here);
    server.accept();
    if (option == "--get"s) {
      ASSERT_TRUE(server.hears("big\n"));
    }
    server.say(words);
    server.close();
    EXPECT_NE(process.exit_code(), 0);
    const std::string quoted =
        "refused by the server: \"no room; the file was stored as \\\"/etc/passwd\\\"\"\n";
    EXPECT_TRUE(process.err().ends_with(quoted)) << process.err();
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

// "Nothing was heard yet, it may be full" was said of a server whose banner had just been read.
TEST_F(PlainBatch, AServerWithABannerIsNotSaidToBeSilent) {
  ScriptedServer server;
  Process process(client({"--get", "big"}, server.port()));
  server.accept();
  server.say("Welcome to my chat!\r\n");
  ASSERT_TRUE(server.hears("big\n"));
  EXPECT_EQ(process.exit_code(seconds(40)), 5);
  EXPECT_TRUE(process.err().find("heard") == std::string::npos) << process.err();
  EXPECT_TRUE(process.complains("does not answer as a file fetcher does")) << process.err();
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
