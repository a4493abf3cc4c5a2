// talk_client --via: the way to the server is a program of somebody else's.
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/support/proc.h"
#include "tests/support/process.h"
#include "tests/support/temp_dir.h"

namespace talk::test {
namespace {

using Words = std::vector<std::string>;

class Via : public testing::Test {
 protected:
  Words client(const std::string& via, Words options = {}) {
    Words command = {program("talk_client"), "--via", via};
    command.insert(command.end(), options.begin(), options.end());
    command.insert(command.end(), {"127.0.0.1", std::to_string(server_.port())});
    return command;
  }

  TempDir dir_;
  Server server_{{"-t", "none", "-n", "prof"}, dir_.path()};
};

TEST_F(Via, ATalkAndFilesGoThroughACommand) {
  write_file(dir_ / "file", std::string(3 << 20, 'x'));
  Process sender(client("nc %h %p", {"--send", dir_ / "file"}));
  EXPECT_EQ(sender.exit_code(seconds(60)), 0) << sender.err();
  EXPECT_EQ(read_file(dir_ / "file-2"), read_file(dir_ / "file"));
  Process talker(client("nc %h %p"));
  talker.type("hello\n");
  talker.end_input();
  EXPECT_EQ(talker.exit_code(), 0) << talker.err();
  EXPECT_TRUE(server_.logs("is name="));
}

TEST_F(Via, ACommandThatIsNotThere) {
  Process talker(client("no-such-program-here %h"));
  EXPECT_EQ(talker.exit_code(), 3);
  EXPECT_EQ(talker.err(), "ERROR: start 'no-such-program-here': No such file or directory\n");
}

TEST_F(Via, ACommandThatEndsBeforeTheGreeting) {
  const std::string script =
      write_script(dir_ / "way", "#!/bin/sh\necho one >&2\necho why >&2\nexit 7\n");
  for (const Words& options : {Words{}, Words{"--send", dir_.path()}}) {
    Process talker(client(script, options));
    EXPECT_EQ(talker.exit_code(), 3);
    EXPECT_NE(talker.err().find("way ended with exit code 7: why\n"), std::string::npos)
        << talker.err();
  }
  Process quiet(client("true"));
  EXPECT_EQ(quiet.exit_code(), 3);
  EXPECT_NE(quiet.err().find("true ended without a word\n"), std::string::npos) << quiet.err();
}

TEST_F(Via, ACommandThatEndsLater) {
  const std::string script = write_script(dir_ / "way", R"(#!/usr/bin/env python3
import sys, os
sys.stdout.write('TALK/1 pid=1 name=prof\r\n'); sys.stdout.flush()
sys.stdin.readline()
sys.stderr.write('the tunnel fell in\n'); sys.stderr.flush()
os._exit(9)
)");
  for (const bool at_terminal : {false, true}) {
    Process::Options options;
    options.terminal = at_terminal;
    Process talker(client(script, {"--retry", "0"}), options);
    EXPECT_EQ(talker.exit_code(), 4);
    const std::string& said = at_terminal ? talker.out() : talker.err();
    const std::size_t at = said.find("way ended with exit code 9: the tunnel fell in");
    EXPECT_NE(at, std::string::npos) << said;
    // Behind the screen's end, not in the middle of it.
    EXPECT_EQ(said.find("\x1b[", at), std::string::npos) << said;
  }
}

TEST_F(Via, ACommandThatSaysMuchHoldsNothingUpAndIsReaped) {
  const std::string script =
      write_script(dir_ / "way", "#!/bin/sh\n(seq 1 100000; cat) >&2 </dev/null\necho $$ >" +
                                     (dir_ / "pid") + "\nexec nc \"$1\" \"$2\"\n");
  Process talker(client(script + " %h %p"));
  talker.type("hello\n");
  EXPECT_TRUE(server_.logs("is name=")) << talker.err();
  talker.end_input();
  EXPECT_EQ(talker.exit_code(), 0) << talker.err();
  EXPECT_EQ(talker.err().find("99999"), std::string::npos);
  EXPECT_FALSE(
      std::filesystem::exists("/proc/" + std::to_string(std::stoi(read_file(dir_ / "pid")))));
}

TEST_F(Via, AServerThatNeverGreetsIsTalkedToAfterTheTimeout) {
  Server store({"-H", "echo"}, dir_.path());
  Process talker({program("talk_client"), "--raw", "--timeout", "1", "--via", "nc -N %h %p",
                  "127.0.0.1:" + std::to_string(store.port())});
  talker.type("hello\n");
  EXPECT_TRUE(talker.says("hello\n"));
}

}  // namespace
}  // namespace talk::test
