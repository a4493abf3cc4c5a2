// The file fetcher with clients that know lines and with homework clients that do not.
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "tests/support/peer.h"
#include "tests/support/process.h"
#include "tests/support/temp_dir.h"

namespace talk::test {
namespace {

using std::string_literals::operator""s;

class FetchService : public testing::Test {
 protected:
  void SetUp() override {
    write_file(directory_ / "hello.txt", "hello world\n");
    write_file(directory_ / "empty", "");
    write_file(directory_ / "two words.txt", "2");
    write_file(directory_ / "-dash", "dash");
    write_file(directory_ / "byte\xff", "byte");
    std::filesystem::create_directories(directory_.path() / "sub/deep");
    write_file(directory_ / "sub/deep/x", "deep");
    write_file(directory_ / ".hidden", "secret");
    std::filesystem::create_directory(directory_.path() / ".dir");
    write_file(directory_ / ".dir/x", "secret");
    std::filesystem::create_symlink("/etc/passwd", directory_.path() / "link");
    std::filesystem::create_symlink("/etc", directory_.path() / "linked");
    ::mkfifo((directory_ / "fifo").c_str(), 0600);
  }

  std::string ask(const std::string& bytes) {
    Peer peer(server_.port());
    peer.send(bytes);
    peer.half_close();
    EXPECT_TRUE(peer.sees_end());
    return peer.received();
  }
  // The process that the listener says it started for that session.
  std::string pid_of(int session) {
    const std::string opened = "session " + std::to_string(session) + " opened";
    EXPECT_TRUE(server_.process().complains(opened));
    const std::string& log = server_.process().err();
    const std::size_t start = log.find("pid=", log.find(opened)) + 4;
    return log.substr(start, log.find('\n', start) - start);
  }

  TempDir directory_;
  Server server_{{"--handler", "fetch"}, directory_.path()};
};

TEST_F(FetchService, ALineIsAnsweredWithALineAndTheFile) {
  const std::string answer = ask("hello.txt\n");
  EXPECT_EQ(answer, pid_of(1) + " OK 12\nhello world\n");
}

TEST_F(FetchService, RequestsFollowEachOtherAndLinesEndAsTheyCame) {
  const std::string answer =
      ask("empty\r\n\r\nnone\r\ntwo words.txt\nsub/deep/x\n-dash\nbyte\xff\n");
  const std::string id = pid_of(1);
  EXPECT_EQ(answer, id + " OK 0\r\n" + id + " NO not found\r\n" + id + " OK 1\n2" + id +
                        " OK 4\ndeep" + id + " OK 4\ndash" + id + " OK 4\nbyte");
}

TEST_F(FetchService, TelnetsOwnWordsAreNoName) {
  const std::string answer = ask("\xff\xfb\x1f\xff\xfd\x06hello.txt\r\n");
  EXPECT_EQ(answer, "\xff\xfb\x06" + pid_of(1) + " OK 12\r\nhello world\n");
}

TEST_F(FetchService, WhatIsNoFileBelowTheDirectoryIsRefused) {
  const std::vector<std::string> names = {"..",
                                          "../x",
                                          "sub/../hello.txt",
                                          "/etc/passwd",
                                          "link",
                                          "linked/passwd",
                                          "sub",
                                          "sub/",
                                          "fifo",
                                          ".hidden",
                                          ".dir/x",
                                          "sub//deep/x",
                                          "./hello.txt",
                                          "hello.txt/",
                                          std::string(300, 'x'),
                                          std::string(5000, 'x'),
                                          std::string(20'000, 'x')};
  int session = 0;
  for (const std::string& name : names) {
    const std::string line = ask(name + "\n");
    EXPECT_TRUE(line.starts_with(pid_of(++session) + (name.size() > 8192 ? "\nNO" : " NO ")))
        << name.substr(0, 20) << ": " << line;
    const std::string bare = ask(name);
    EXPECT_EQ(bare, pid_of(++session) + "\nNO") << name.substr(0, 20);
  }
}

// One receive for the process ID, the next for the file.
TEST_F(FetchService, AHomeworkClientGetsTheIdInAReceiveOfItsOwn) {
  for (const std::string& ending : {""s, "\0"s, "\0stale bytes of a buffer"s}) {
    Peer peer(server_.port());
    peer.send("hello.txt" + ending);
    std::array<char, 1024> room;
    const ssize_t id = ::recv(peer.fd(), room.data(), room.size(), 0);
    EXPECT_GT(id, 1);
    EXPECT_EQ(room[static_cast<std::size_t>(id) - 1], '\n');
    const ssize_t file = ::recv(peer.fd(), room.data(), room.size(), 0);
    EXPECT_EQ(std::string(room.data(), static_cast<std::size_t>(file)), "hello world\n");
    EXPECT_EQ(::recv(peer.fd(), room.data(), room.size(), 0), 0);
  }
}

TEST_F(FetchService, RealClients) {
  const std::string port = std::to_string(server_.port());
  const std::vector<std::string> commands = {
      "printf 'hello.txt\\n' | nc -N 127.0.0.1 " + port + " | tail -n 1",
      "printf 'hello.txt' | nc 127.0.0.1 " + port + " | tail -n 1",
      "printf 'hello.txt' | ncat 127.0.0.1 " + port + " | tail -n 1",
      "printf 'hello.txt\\n' | curl -sN --max-time 1 telnet://127.0.0.1:" + port + " | tail -n 1",
  };
  for (const std::string& command : commands) {
    Process client({"sh", "-c", command});
    ASSERT_TRUE(client.exit_code()) << command;
    EXPECT_EQ(client.out(), "hello world\n") << command;
  }
}

TEST_F(FetchService, TenAtOnceAreTenProcessesAndTenFiles) {
  std::string content;
  for (int i = 0; i < 300'000; ++i) content += std::to_string(i) + "\n";
  write_file(directory_ / "big", content);
  std::vector<std::unique_ptr<Peer>> peers;
  for (int i = 0; i < 10; ++i) {
    peers.push_back(std::make_unique<Peer>(server_.port()));
    peers.back()->send("big\n");
    peers.back()->half_close();
  }
  std::set<std::string> ids;
  for (const auto& peer : peers) {
    ASSERT_TRUE(peer->sees_end());
    const std::string& received = peer->received();
    ids.insert(received.substr(0, received.find(' ')));
    EXPECT_TRUE(received.ends_with(" OK " + std::to_string(content.size()) + "\n" + content));
  }
  EXPECT_EQ(ids.size(), 10u);
}

// The connection breaks: an orderly end would call what was sent the whole file.
TEST_F(FetchService, AFileThatShrinksOrGrowsBreaksTheConnection) {
  for (const bool grows : {false, true}) {
    const std::string path = directory_ / (grows ? "grows" : "shrinks");
    write_file(path, std::string(50'000'000, 'x'));
    Peer peer(server_.port());
    peer.send(grows ? "grows\n" : "shrinks\n");
    std::array<char, 100> room;
    ASSERT_GT(::recv(peer.fd(), room.data(), room.size(), 0), 0);
    ASSERT_EQ(::truncate(path.c_str(), grows ? 50'000'010 : 1000), 0);
    EXPECT_TRUE(peer.sees_end());
    EXPECT_TRUE(peer.was_reset());
    EXPECT_LT(peer.received().size(), 50'000'000u);
  }
}

TEST_F(FetchService, AKilledHandlerBreaksTheConnectionToo) {
  write_file(directory_ / "big", std::string(50'000'000, 'x'));
  Peer peer(server_.port());
  peer.shrink_receive_buffer();
  peer.send("big");
  ASSERT_TRUE(peer.hears("xxx"));
  ::kill(static_cast<pid_t>(std::stoi(pid_of(1))), SIGTERM);
  EXPECT_TRUE(peer.sees_end());
  EXPECT_TRUE(peer.was_reset());
}

TEST_F(FetchService, AClientThatNeverReadsOrLeavesHarmsNobody) {
  write_file(directory_ / "big", std::string(50'000'000, 'x'));
  Peer deaf(server_.port());
  deaf.shrink_receive_buffer();
  deaf.send("big\n");
  EXPECT_NE(ask("hello.txt\n").find("hello world"), std::string::npos);
  deaf.reset();
  EXPECT_TRUE(server_.process().complains("session 1 closed exit=0"));
}

}  // namespace
}  // namespace talk::test
