// The harness itself: it must see what is there, and give up on what is not.
#include <gtest/gtest.h>
#include <signal.h>

#include "tests/support/process.h"
#include "tests/support/temp_dir.h"

namespace talk::test {
namespace {

TEST(Support, AProgramsWordsAndEndAreSeen) {
  Process shell({"sh", "-c", "read line; echo \"got $line\"; echo oops >&2; exit 3"});
  shell.type("it\n");
  EXPECT_TRUE(shell.says("got it"));
  EXPECT_TRUE(shell.complains("oops"));
  EXPECT_EQ(shell.exit_code(), 3);
}

TEST(Support, WhatIsNotSaidIsNotHeard) {
  Process shell({"sh", "-c", "echo one"});
  EXPECT_FALSE(shell.says("two", milliseconds(100)));
}

TEST(Support, WhatATestLeavesRunningIsKilled) {
  pid_t pid = 0;
  {
    Process sleeper({"sleep", "1000"});
    pid = sleeper.pid();
    EXPECT_EQ(sleeper.exit_code(milliseconds(50)), std::nullopt);
  }
  EXPECT_EQ(::kill(pid, 0), -1);
}

TEST(Support, SoAreTheChildrenOfWhatHasEnded) {
  std::string child;
  {
    Process shell({"sh", "-c", "trap '' HUP TERM; sleep 1000 & echo $!"});
    ASSERT_TRUE(shell.says("\n"));
    ASSERT_EQ(shell.exit_code(), 0);
    child = "/proc/" + shell.out().substr(0, shell.out().find('\n'));
    EXPECT_TRUE(std::filesystem::exists(child));
  }
  // Whoever inherits it reaps it; a zombie is as good as gone.
  EXPECT_TRUE(wait_until([&] {
    return !std::filesystem::exists(child) ||
           read_file(child + "/stat").find(") Z") != std::string::npos;
  }));
}

TEST(Support, AServerThatDoesNotListenIsAFailure) {
  EXPECT_THROW(Server({"--terminal", "none"}, "/nowhere"), std::runtime_error);
}

TEST(Support, ATerminalIsATerminal) {
  Process::Options options;
  options.terminal = true;
  Process shell({"sh", "-c", "test -t 0 && test -t 1 && stty size"}, options);
  EXPECT_TRUE(shell.says("24 80"));
  EXPECT_EQ(shell.exit_code(), 0);
}

TEST(Support, ADirectoryIsGoneWithItsTest) {
  std::string path;
  {
    const TempDir directory;
    path = directory.path();
    write_file(directory / "x", "content");
    EXPECT_EQ(read_file(directory / "x"), "content");
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

}  // namespace
}  // namespace talk::test
