// The upload sinks: connection N into DIR/N.file, whole or not at all.
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/client.h"
#include "tests/support/peer.h"
#include "tests/support/process.h"
#include "tests/support/small_disk.h"
#include "tests/support/temp_dir.h"

namespace talk::test {
namespace {

const std::string kFirst = "confirm-accio\r\n";
const std::string kSecond = "confirm-accio-again\r\n\r\n";

Process::Options impatient() {
  Process::Options options;
  options.environment["TALK_IDLE_SECONDS"] = "1";
  return options;
}

class UploadService : public testing::Test {
 protected:
  explicit UploadService(const std::string& handler = "upload",
                         const Process::Options& options = impatient())
      : server_({"--handler", handler}, directory_.path(), options) {}

  int port() const { return server_.port(); }
  std::string path(int number) const { return directory_ / (std::to_string(number) + ".file"); }
  // The content of N.file once it is there.
  std::string file(int number) {
    EXPECT_TRUE(wait_until([&] { return std::filesystem::exists(path(number)); }));
    return read_file(path(number));
  }
  bool closed(int number) {
    return server_.process().complains("session " + std::to_string(number) + " closed");
  }
  bool nothing_hidden() {
    for (const auto& entry : std::filesystem::directory_iterator(directory_.path()))
      if (entry.path().filename().string().starts_with(".")) return false;
    return true;
  }

  TempDir directory_;
  Server server_;
};

class AccioService : public UploadService {
 protected:
  AccioService() : UploadService("accio") {}
};

std::string some_bytes(std::size_t size) {
  std::string bytes(size, '\0');
  std::uint32_t state = 1;
  for (char& c : bytes) {
    state = state * 1664525 + 1013904223;
    c = static_cast<char>(state >> 24);
  }
  return bytes;
}

TEST_F(UploadService, SaysNothingAndKeepsEveryByte) {
  int number = 0;
  for (const std::size_t size : {0u, 1u, 500u, 1u << 20, 10u << 20}) {
    const std::string bytes = some_bytes(size);
    Peer peer(port());
    peer.send(bytes);
    peer.half_close();
    EXPECT_TRUE(peer.sees_end());
    EXPECT_EQ(peer.received(), "");
    EXPECT_TRUE(file(++number) == bytes) << size;
  }
  EXPECT_TRUE(nothing_hidden());
}

TEST_F(UploadService, RealClients) {
  write_file(directory_ / "source", some_bytes(100'000));
  const std::string from = " < " + directory_ / "source";
  const std::string port_text = std::to_string(port());
  int number = 0;
  for (const std::string& client :
       {"nc -N 127.0.0.1 " + port_text, "ncat 127.0.0.1 " + port_text}) {
    Process process({"sh", "-c", client + from});
    EXPECT_EQ(process.exit_code(), 0);
    EXPECT_EQ(file(++number), read_file(directory_ / "source"));
  }
}

TEST_F(UploadService, AHundredMebibytesInLittleMemory) {
  Process client(
      {"sh", "-c", "head -c 104857600 /dev/zero | nc -N 127.0.0.1 " + std::to_string(port())});
  ASSERT_EQ(client.exit_code(), 0);
  ASSERT_TRUE(closed(1));
  EXPECT_EQ(std::filesystem::file_size(path(1)), 104'857'600u);
}

TEST_F(UploadService, AnExistingFileIsReplaced) {
  write_file(path(1), "an older and longer file");
  Peer peer(port());
  peer.send("new");
  EXPECT_EQ(read_file(path(1)), "an older and longer file");
  peer.half_close();
  EXPECT_TRUE(peer.sees_end());
  EXPECT_EQ(read_file(path(1)), "new");
}

TEST_F(UploadService, SilenceAndResetsLeaveTheWordError) {
  Peer silent(port());  // 1: nothing at all
  Peer stalls(port());  // 2: half-way
  stalls.send(std::string(100'000, 'x'));
  Peer resets(port());  // 3
  resets.send(std::string(100'000, 'x'));
  EXPECT_FALSE(std::filesystem::exists(path(3)));
  resets.reset();
  EXPECT_EQ(file(3), "ERROR");
  Peer good(port());  // 4: served while the others are silent
  good.send("good");
  good.half_close();
  EXPECT_EQ(file(4), "good");
  EXPECT_TRUE(silent.sees_end());
  EXPECT_TRUE(stalls.sees_end());
  EXPECT_TRUE(silent.was_reset() && stalls.was_reset()) << "an orderly end says: stored";
  EXPECT_EQ(file(1), "ERROR");
  EXPECT_EQ(file(2), "ERROR");
  EXPECT_TRUE(nothing_hidden());
}

TEST_F(UploadService, OneByteASecondIsNoSilence) {
  Peer slow(port());
  for (int i = 0; i < 8; ++i) {
    slow.send("x");
    EXPECT_FALSE(slow.sees_end(milliseconds(200)));
  }
  slow.half_close();
  EXPECT_EQ(file(1), "xxxxxxxx");
}

TEST_F(UploadService, AKilledHandlerLeavesNoName) {
  Peer peer(port());
  peer.send(std::string(100'000, 'x'));
  ASSERT_TRUE(server_.process().complains("pid="));
  const std::string& log = server_.process().err();
  ::kill(static_cast<pid_t>(std::stoi(log.substr(log.find("pid=") + 4))), SIGKILL);
  EXPECT_TRUE(peer.sees_end());
  ASSERT_TRUE(closed(1));
  EXPECT_FALSE(std::filesystem::exists(path(1)));
}

TEST_F(UploadService, AStopLeavesTheWordErrorAndExitsInOrder) {
  Peer peer(port());
  peer.send(std::string(100'000, 'x'));
  ASSERT_TRUE(server_.process().complains("opened"));
  ASSERT_TRUE(wait_until([&] { return !nothing_hidden(); }));
  server_.process().signal(SIGTERM);
  EXPECT_EQ(server_.process().exit_code(), 0);
  EXPECT_EQ(file(1), "ERROR");
}

TEST_F(AccioService, FourGenerationsOfClients) {
  const std::vector<std::pair<std::string, std::string>> uploads = {
      {kFirst + kSecond + "today's", "today's"},
      {kFirst + "confirm-accio-again\r\nwithout", "without"},
      {"Content-Disposition: attachment; filename=x\r\n\r\n2021's", "2021's"},
      {"older", "older"},
      {"", ""},
      {kFirst, "ERROR"},
      {kFirst + "something else", "ERROR"},
  };
  int number = 0;
  for (const auto& [bytes, expected] : uploads) {
    Peer peer(port());
    ASSERT_TRUE(peer.hears("accio\r\n"));
    peer.send(bytes);
    peer.half_close();
    EXPECT_TRUE(peer.sees_end());
    EXPECT_EQ(file(++number), expected);
    if (bytes.starts_with(kFirst + "confirm")) {
      EXPECT_EQ(peer.received(), "accio\r\naccio\r\n");
    }
  }
}

TEST_F(AccioService, AStepAtATimeAndAConfirmationInPieces) {
  Peer peer(port());
  ASSERT_TRUE(peer.hears("accio\r\n"));
  for (const char* piece : {"con", "firm", "-acc", "io\r", "\n"}) {
    EXPECT_EQ(peer.received(), "accio\r\n");
    peer.send(piece);
  }
  ASSERT_TRUE(peer.hears("accio\r\naccio\r\n"));
  for (const char c : kSecond) peer.send({&c, 1});
  peer.send("data");
  peer.half_close();
  EXPECT_EQ(file(1), "data");
}

TEST_F(AccioService, SilenceAnywhereLeavesTheWordErrorWhileOthersAreServed) {
  Peer at_greeting(port());
  Peer in_confirmation(port());
  in_confirmation.send("confirm-acc");
  Peer between(port());
  between.send(kFirst);
  Peer in_data(port());
  in_data.send(kFirst + kSecond + "half of it");
  Peer good(port());
  good.send(kFirst + kSecond + "good");
  good.half_close();
  EXPECT_EQ(file(5), "good");
  for (int number = 1; number <= 4; ++number) EXPECT_EQ(file(number), "ERROR") << number;
}

// What a set of uploads brought must be the set that was sent, whoever got which number.
TEST_F(AccioService, TenInARowAndTenAtOnce) {
  std::vector<std::string> sent;
  std::vector<std::unique_ptr<Peer>> peers;
  for (int i = 0; i < 20; ++i) {
    sent.push_back("file " + std::to_string(i) + some_bytes(static_cast<std::size_t>(i) * 10'000));
    peers.push_back(std::make_unique<Peer>(port()));
    peers.back()->send(kFirst + kSecond);
    if (i >= 10) continue;
    peers.back()->send(sent.back());
    peers.back()->half_close();
    ASSERT_TRUE(peers.back()->sees_end());
  }
  for (std::size_t i = 10; i < 20; ++i) peers[i]->send(sent[i]);
  for (std::size_t i = 10; i < 20; ++i) peers[i]->half_close();
  std::vector<std::string> stored;
  for (int number = 1; number <= 20; ++number) stored.push_back(file(number));
  std::ranges::sort(sent);
  std::ranges::sort(stored);
  EXPECT_TRUE(sent == stored);
}

// Whoever sends was told that it was stored.
TEST(UploadOverTheLimit, LeavesTheWordErrorAndIsNoGoodEnd) {
  const TempDir directory;
  write_file(directory / "small", std::string(2'000, 's'));
  write_file(directory / "big", std::string(5'000'000, 'b'));
  for (const bool accio : {false, true}) {
    const TempDir stored;
    Server server({"--handler", accio ? "accio" : "upload", "--max-file-size", "1K"},
                  stored.path());
    int number = 0;
    for (const char* name : {"small", "big"}) {
      std::vector<std::string> options = {"--send", directory / name};
      if (!accio) options.insert(options.begin(), "--raw");
      Process run(client(server.port(), options));
      EXPECT_EQ(run.exit_code(), 4) << name;
      EXPECT_TRUE(run.complains("ERROR: ")) << name;
      EXPECT_EQ(read_file(stored / (std::to_string(++number) + ".file")), "ERROR");
    }
    EXPECT_TRUE(server.logs("the file is larger than 10"));
  }
}

TEST(UploadFullDisk, LeavesTheWordErrorAndBreaksTheConnection) {
  const SmallDisk disk("size=1m");
  if (!disk.mounted()) GTEST_SKIP() << kNoMount;
  Server server({"--handler", "upload"}, disk.path());
  Peer peer(server.port());
  EXPECT_ANY_THROW(peer.send(std::string(20'000'000, 'x')));
  EXPECT_TRUE(wait_until([&] { return std::filesystem::exists(disk / "1.file"); }));
  EXPECT_EQ(read_file(disk / "1.file"), "ERROR");
  EXPECT_TRUE(server.process().complains("ERROR: store 1.file: write the file"));
}

// The name appeared before the bytes were on the disk, and whatever the disk said later was lost.
TEST(UploadBrokenDisk, NoFileAppearsThatIsNotOnTheDisk) {
  Process probe({"strace", "-o", "/dev/null", "true"});
  if (probe.exit_code() != 0) GTEST_SKIP() << "strace cannot trace here: " << probe.err();
  const TempDir directory;
  const TempDir scripts;
  int number = 0;
  for (const char* const failing : {"1", "2"}) {  // the file's sync, and the directory's
    const std::string script = write_script(
        scripts / "handler", "#!/bin/sh\nexport TALK_SESSION=" + std::to_string(++number) +
                                 "\nexec strace -o /dev/null -e trace=fsync -e "
                                 "inject=fsync:error=EIO:when=" +
                                 failing + " " + program("upload_handler") + " \"$1\"\n");
    Server server({"--handler", script}, directory.path());
    Peer peer(server.port());
    peer.send("important");
    peer.half_close();
    EXPECT_TRUE(peer.sees_end());
    EXPECT_TRUE(peer.was_reset());
    EXPECT_EQ(read_file(directory / (std::to_string(number) + ".file")), "ERROR");
    EXPECT_TRUE(server.logs("Input/output error")) << server.log();
  }
}

}  // namespace
}  // namespace talk::test
