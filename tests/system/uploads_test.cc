// talk_client --send and --get against talk_server --terminal none: the whole way, and its breaks.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>

#include <filesystem>
#include <optional>
#include <random>
#include <sstream>

#include "tests/support/cutting_proxy.h"
#include "tests/support/linked_transfers.h"
#include "tests/support/proc.h"
#include "tests/support/process.h"
#include "tests/support/temp_dir.h"
#include "tests/support/wait_until.h"

namespace talk::test {
namespace {

namespace fs = std::filesystem;
using Names = std::vector<std::string>;

constexpr std::uint64_t kMostSentTwice = 1 << 20;

std::vector<std::string> client(int port, const std::vector<std::string>& options) {
  std::vector<std::string> command = {program("talk_client")};
  command.insert(command.end(), options.begin(), options.end());
  command.insert(command.end(), {"--", "127.0.0.1", std::to_string(port)});
  return command;
}

class UploadsTest : public ::testing::Test {
 protected:
  void serve(std::vector<std::string> options = {}) {
    options.insert(options.begin(), {"--terminal", "none"});
    server.emplace(options, desk.path());
  }
  int run(const std::vector<std::string>& options) {
    Process process(client(server->port(), options));
    const auto code = process.exit_code();
    complaints = process.err();
    output = process.out();
    return code.value_or(-1000);
  }
  Names at_desk() const { return names_below(desk.path()); }
  std::uint64_t partial_size() const {
    std::uint64_t size = 0;
    for (const std::string& name : at_desk())
      if (name.starts_with(".talk-")) size = std::max(size, size_of(name));
    return size;
  }
  // 0 where it has just gone.
  std::uint64_t size_of(const std::string& name) const {
    std::error_code gone;
    const auto size = fs::file_size(desk / name, gone);
    return gone ? 0 : size;
  }
  void expect_no_wrong_file(const std::string& content) {
    for (const std::string& name : at_desk()) {
      if (name.starts_with(".talk-")) continue;
      EXPECT_EQ(read_file(desk / name), content) << name;
    }
  }

  TempDir desk;
  TempDir files;
  std::optional<Server> server;
  std::string complaints;
  std::string output;
};

TEST_F(UploadsTest, FilesAndDirectoriesSilentlyAndWhole) {
  serve();
  fs::create_directories(files / "dir/sub");
  write_file(files / "a b 'c' \u4e16", noise(3'000'000));
  write_file(files / "empty", "");
  write_file(files / "dir/sub/x", "x");
  write_file(files / std::string(255, 'n'), "long");
  EXPECT_EQ(run({"--send", files / "a b 'c' \u4e16", files / "empty", files / "dir",
                 files / std::string(255, 'n')}),
            0);
  EXPECT_EQ(at_desk(), (Names{"a b 'c' \u4e16", "dir/sub/x", "empty", std::string(255, 'n')}));
  EXPECT_EQ(read_file(desk / "a b 'c' \u4e16"), noise(3'000'000));
  EXPECT_EQ(complaints + output, "");
}

TEST_F(UploadsTest, EachFailureIsNamedAndTheRestGoes) {
  serve({"--max-file-size", "1K"});
  write_file(files / "a\nb", "x");
  write_file(files / "large", noise(1'025));
  write_file(files / "good", noise(1'024));
  EXPECT_EQ(run({"--send", files / "a\nb", files / "large", files / "nosuch", files / "good"}), 5);
  EXPECT_EQ(at_desk(), Names{"good"});
  EXPECT_NE(
      complaints.find("ERROR: cannot send \"" + (files / "a^Jb") + "\": the name has a control"),
      std::string::npos)
      << complaints;
  EXPECT_NE(complaints.find("\"large\" (1.0 KiB): \"it has 1.0 KiB, more than"), std::string::npos)
      << complaints;
  EXPECT_NE(complaints.find("nosuch"), std::string::npos);
}

TEST_F(UploadsTest, FilesAreGot) {
  TempDir share;
  write_file(share / "notes.pdf", noise(1'000'000));
  serve({"--share", share.path()});
  EXPECT_EQ(run({"-d", files.path(), "--get", "notes.pdf"}), 0) << complaints;
  EXPECT_EQ(read_file(files / "notes.pdf"), noise(1'000'000));
  // The goodbye came before that word: each file that was got was logged as broken off.
  EXPECT_TRUE(server->logs("(977 KiB), stored by")) << server->log();
  EXPECT_TRUE(server->logs("session 1 closed"));
  EXPECT_EQ(server->log().find("broken off"), std::string::npos) << server->log();
  EXPECT_EQ(run({"-d", files.path(), "--get", "nosuch"}), 5);
  EXPECT_NE(complaints.find("nosuch"), std::string::npos);
}

TEST_F(UploadsTest, ABarOnATerminal) {
  serve();
  write_file(files / "big", noise(60'000'000));
  Process::Options at_terminal;
  at_terminal.terminal = true;
  Process process(client(server->port(), {"--send", files / "big"}), at_terminal);
  EXPECT_EQ(process.exit_code(), 0);
  const auto shows = [&](const char* text) {
    return process.out().find(text) != std::string::npos;
  };
  EXPECT_TRUE(shows(" % [") || shows(" % \u2591")) << process.out();  // as the locale has it
  EXPECT_NE(process.out().find("sent \"big\" (57.2 MiB), stored by"), std::string::npos)
      << process.out();
}

// The link broke when the file was stored and before that had been said: the client sent it again,
// it was stored as big-2, and the exit code was 0.
TEST_F(UploadsTest, ALinkCutBeforeTheWordThatAFileIsStored) {
  serve();
  write_file(files / "big", noise(300'000));
  for (int round = 0; round < 20; ++round) {
    CuttingProxy proxy(server->port(), CuttingProxy::Side::before,
                       {CuttingProxy::Frame::From::server, 'S'});
    Process process(client(proxy.port(), {"--send", files / "big"}));
    EXPECT_EQ(process.exit_code(), 0) << process.err();
    EXPECT_TRUE(proxy.has_cut());
    EXPECT_TRUE(wait_until([&] { return at_desk() == Names{"big"}; })) << process.err();
    EXPECT_EQ(read_file(desk / "big"), noise(300'000));
    fs::remove(desk / "big");
  }
}

// The same for a get: all had come, and was asked for again.
TEST_F(UploadsTest, ALinkCutBehindTheEndOfAGottenFile) {
  TempDir share;
  write_file(share / "big", noise(300'000));
  serve({"--share", share.path()});
  for (int round = 0; round < 20; ++round) {
    CuttingProxy proxy(server->port(), CuttingProxy::Side::behind,
                       {CuttingProxy::Frame::From::server, 'E'});
    Process process(client(proxy.port(), {"-d", files.path(), "--get", "big"}));
    EXPECT_EQ(process.exit_code(), 0) << process.err();
    EXPECT_TRUE(proxy.has_cut());
    EXPECT_EQ(names_below(files.path()), Names{"big"}) << process.err();
    fs::remove(files / "big");
  }
}

TEST_F(UploadsTest, TheLinkIsCutAtRandomBytesAndTheClientGoesOnByItself) {
  serve();
  const std::string content = noise(8'000'000);
  write_file(files / "big", content);
  std::mt19937 random(11);
  for (int round = 0; round < 20; ++round) {
    const std::uint64_t cut = 100 + random() % content.size();
    CuttingProxy proxy(server->port(), cut);
    Process process(client(proxy.port(), {"--send", files / "big"}));
    EXPECT_EQ(process.exit_code(), 0) << process.err();
    EXPECT_TRUE(proxy.has_cut());
    // The hidden second link may outlast the client for a moment where the disk is busy.
    EXPECT_TRUE(wait_until([&] { return at_desk() == Names{"big"}; })) << cut << process.err();
    EXPECT_EQ(read_file(desk / "big"), content) << cut;
    EXPECT_LE(proxy.handed_on(), content.size() + kMostSentTwice) << cut;
    EXPECT_NE(process.err().find("the link is gone; calling again"), std::string::npos)
        << process.err();
    fs::remove(desk / "big");
  }
}

// The process that receives the file: the newest child of the listener.
pid_t handler_of(Process& listener) {
  pid_t last = 0;
  wait_until([&] {
    const std::vector<pid_t> children = children_of(listener.pid());
    if (!children.empty()) last = children.back();
    return last != 0;
  });
  return last;
}

TEST_F(UploadsTest, SenderAndReceiverAreKilledAtRandomBytes) {
  serve();
  const std::string content = noise(20'000'000);
  write_file(files / "big", content);
  std::mt19937 random(12);
  for (int round = 0; round < 30; ++round) {
    const std::uint64_t at = random() % content.size();
    Process process(client(server->port(), {"--retry", "0", "--send", files / "big"}));
    const pid_t victim = round % 2 == 0 ? process.pid() : handler_of(server->process());
    wait_until([&] { return partial_size() >= at || size_of("big") > 0; });
    ::kill(victim, SIGKILL);
    const auto code = process.exit_code();
    expect_no_wrong_file(content);
    EXPECT_TRUE(code == -SIGKILL || code == 4 || code == 0) << *code << process.err();
    EXPECT_EQ(run({"--send", files / "big"}), 0) << complaints;
    EXPECT_EQ(read_file(desk / "big"), content) << at;
    expect_no_wrong_file(content);
    // A sender that was killed between the storing and the word of it brings the file again.
    EXPECT_TRUE(at_desk() == Names{"big"} || at_desk() == (Names{"big", "big-2"}))
        << at << " " << round;
    for (const std::string& name : at_desk()) fs::remove(desk / name);
  }
}

TEST_F(UploadsTest, ALostLinkWithoutRetryIsCodeFour) {
  serve();
  write_file(files / "big", noise(8'000'000));
  CuttingProxy proxy(server->port(), 1'000'000);
  Process process(client(proxy.port(), {"--retry", "0", "--send", files / "big"}));
  EXPECT_EQ(process.exit_code(), 4);
  EXPECT_TRUE(process.complains("ERROR: sending \"big\" (7.6 MiB) was broken off"));
  EXPECT_TRUE(process.complains("(127.0.0.1 port " + std::to_string(proxy.port()) + ")\n"));
}

}  // namespace
}  // namespace talk::test
