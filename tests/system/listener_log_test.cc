// A log that nobody reads, and visitors who would fill it: neither holds up anybody.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <filesystem>

#include "common/posix/log.h"
#include "tests/support/peer.h"
#include "tests/support/proc.h"
#include "tests/support/process.h"
#include "tests/support/talk_peer.h"
#include "tests/support/temp_dir.h"

namespace talk::test {
namespace {

bool echoes(int port) {
  Peer peer(port);
  peer.send("hello\n");
  return peer.hears("hello\n");
}

// Writes into a process's standard error, a pipe, until that takes no more.
void fill_log_of(pid_t pid) {
  const std::string path = "/proc/" + std::to_string(pid) + "/fd/2";
  const OwnedFd pipe(::open(path.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC));
  ASSERT_TRUE(pipe);
  const std::string much(4096, '.');
  while (::write(pipe.get(), much.data(), much.size()) > 0) {
  }
  while (::write(pipe.get(), ".", 1) > 0) {
  }
}

bool ends(pid_t pid) {
  return wait_until([&] { return is_dead(pid); });
}

// A reader of the log that stalled froze the listener in its write after 513 visitors; not even
// SIGTERM reached it.
TEST(ListenerLog, AReaderThatStallsHoldsNobodyUp) {
  const TempDir dir;
  Server server({"-H", "echo"}, dir.path());
  fill_log_of(server.process().pid());
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(echoes(server.port()));
  ASSERT_TRUE(wait_until([&] { return children_of(server.process().pid()).empty(); }));
  ASSERT_EQ(server.log().find("session 1 "), std::string::npos);  // it is read from here on
  EXPECT_TRUE(echoes(server.port()));
  EXPECT_TRUE(server.logs(" log left out lines=6\n")) << server.log();
  EXPECT_TRUE(server.logs(" session 4 closed exit=0\n")) << server.log();

  fill_log_of(server.process().pid());
  server.process().signal(SIGTERM);
  EXPECT_TRUE(ends(server.process().pid()));
}

TEST(ListenerLog, ATerminalThatIsStoppedHoldsNobodyUp) {
  const TempDir dir;
  Process::Options at_terminal;
  at_terminal.terminal = true;
  Server server({"-H", "echo"}, dir.path(), at_terminal);
  server.process().type("\x13");  // ^S
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(echoes(server.port()));
  EXPECT_EQ(server.process().out().find("session 1 "), std::string::npos);
  server.process().type("\x11");  // ^Q
  EXPECT_TRUE(echoes(server.port()));
  EXPECT_TRUE(server.process().says(" log left out lines=")) << server.process().out();
  server.process().type("\x13");
  server.process().signal(SIGTERM);
  EXPECT_TRUE(ends(server.process().pid()));
}

// A handler that failed wrote its last line, and waited with the visitor's connection in its hands.
TEST(ListenerLog, AHandlerThatFailsIsNotHeldUpByIt) {
  const TempDir dir;
  const std::string files = dir / "files";
  std::filesystem::create_directory(files);
  Server server({"-H", "store"}, files);
  std::filesystem::remove(files);
  fill_log_of(server.process().pid());
  Peer visitor(server.port());
  visitor.send("put 1 x\n");
  EXPECT_TRUE(visitor.sees_end());
  EXPECT_TRUE(wait_until([&] { return children_of(server.process().pid()).empty(); }));
}

// The description of a standard error is shared with whoever gave it: O_NONBLOCK set there would
// make a stranger's writes fail.
TEST(ListenerLog, TheSharedDescriptionIsLeftAsItIs) {
  const TempDir dir;
  Server server({"-H", "echo"}, dir.path());
  ASSERT_TRUE(echoes(server.port()));
  ASSERT_TRUE(server.logs("session 1 opened"));
  const std::string info =
      read_file("/proc/" + std::to_string(server.process().pid()) + "/fdinfo/2");
  const std::size_t flags = info.find("flags:");
  ASSERT_NE(flags, std::string::npos);
  EXPECT_EQ(std::stoul(info.substr(flags + 6), nullptr, 8) & O_NONBLOCK, 0u) << info;
}

// A description of its own would have an offset of its own in a file, and lines that others write
// there would be written over.
TEST(ListenerLog, AFileKeepsTheLinesOfAllWhoShareIt) {
  const TempDir dir;
  const std::string log = dir / "log";
  Process shell({"sh", "-c",
                 "exec 2>'" + log + "'; echo before >&2; '" + program("talk_server") +
                     "' -H echo -b 127.0.0.1 0 '" + dir.path().string() + "'; echo after >&2"});
  ASSERT_TRUE(shell.says("\n"));
  EXPECT_TRUE(echoes(std::stoi(shell.out().substr(shell.out().rfind(':') + 1))));
  ::kill(children_of(shell.pid()).at(0), SIGTERM);
  ASSERT_EQ(shell.exit_code(), 0);
  const std::string text = read_file(log);
  EXPECT_TRUE(text.starts_with("before\n2")) << text;
  EXPECT_NE(text.find(" session 1 opened "), std::string::npos) << text;
  EXPECT_NE(text.find(" stopping sessions="), std::string::npos) << text;
  EXPECT_TRUE(text.ends_with("\nafter\n")) << text;
}

// "session 3 closed" says neither who it was nor why.
TEST(ListenerLog, ASessionsNameAndItsEndAreThere) {
  const TempDir dir;
  Server server({"-t", "none"}, dir.path());
  TalkPeer visitor(server.port(), "TALK/1 name=Ann%20Lee%0A\r\n");
  EXPECT_TRUE(server.logs(" session 1 is name=\"Ann Lee\\n\"\n")) << server.log();
  ASSERT_TRUE(visitor.is_answered());
  visitor.send(frame('B', "lunch"));
  EXPECT_TRUE(server.logs(" session 1 ended reason=\"<Ann Lee")) << server.log();
  EXPECT_TRUE(server.logs("has left: \\\"lunch\\\"\"\n")) << server.log();
}

// One visitor whose every offer was refused wrote 918 MiB of log in five seconds.
TEST(ListenerLog, OneVisitorWritesNoMoreThanItsShare) {
  const TempDir dir;
  const std::string log = dir / "log";
  Process server({"sh", "-c",
                  "exec '" + program("talk_server") + "' -t none -b 127.0.0.1 0 '" +
                      dir.path().string() + "' 2>'" + log + "'"});
  ASSERT_TRUE(server.says("\n"));
  TalkPeer visitor(std::stoi(server.out().substr(server.out().rfind(':') + 1)));
  constexpr std::uint32_t kOffers = 10'000;
  for (std::uint32_t i = 0; i < kOffers; ++i) {
    visitor.send(frame('O', u32(2 * i + 1) + u64(1) + u64(0) + "../" + std::string(100, 'x')));
    if (i % 100 == 0) visitor.received();
  }
  ASSERT_TRUE(visitor.is_answered());
  EXPECT_LT(std::filesystem::file_size(log), LogAllowance::kAtOnce + 65536);
  visitor.close();
  EXPECT_TRUE(
      wait_until([&] { return read_file(log).find("session 1 closed") != std::string::npos; }));
  const std::string text = read_file(log);
  EXPECT_NE(text.find(" session 1 too often: lines are left out\n"), std::string::npos);
  EXPECT_NE(text.find(" session 1 left out lines="), std::string::npos);
  server.signal(SIGTERM);
  EXPECT_EQ(server.exit_code(), 0);
}

}  // namespace
}  // namespace talk::test
