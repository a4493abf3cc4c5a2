// talk_server before anybody calls: its command line, and a world that is not as it should be.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "tests/support/peer.h"
#include "tests/support/process.h"
#include "tests/support/temp_dir.h"

namespace talk::test {
namespace {

namespace fs = std::filesystem;
using Words = std::vector<std::string>;

struct Ended {
  int code = -1;
  std::string out;
  std::string err;
};

Ended run(Words command, const Process::Options& options = {}) {
  Process process(command, options);
  process.end_input();
  const auto code = process.exit_code();
  return {code.value_or(-1000), process.out(), process.err()};
}

Ended run_server(Words words, const Process::Options& options = {}) {
  words.insert(words.begin(), program("talk_server"));
  return run(words, options);
}

// One ERROR line, nothing on stdout.
void expect_refusal(const Ended& ended, int code, const std::string& hint) {
  EXPECT_EQ(ended.code, code) << ended.err;
  EXPECT_EQ(ended.out, "");
  EXPECT_TRUE(ended.err.starts_with("ERROR: ")) << ended.err;
  EXPECT_EQ(ended.err.find('\n'), ended.err.size() - 1) << ended.err;
  EXPECT_NE(ended.err.find(hint), std::string::npos) << ended.err;
}

TEST(ListenerUsage, WrongWordsAreWrongUsage) {
  const std::vector<std::pair<Words, std::string>> kTable = {
      {{}, "PORT"},
      {{"abc"}, "'abc'"},
      {{"-1"}, "-1"},
      {{"65536"}, "'65536'"},
      {{"12x"}, "'12x'"},
      {{""}, "''"},
      {{"0", ".", "more"}, "'more'"},
      {{"--nonsense", "0"}, "--nonsense"},
      {{"--terminal", "none", "--handler", "nonsense", "0"}, "'nonsense'"},
      {{"--terminal", "xterm '-e", "0"}, "quote"},
  };
  for (const auto& [words, hint] : kTable) expect_refusal(run_server(words), 2, hint);
}

TEST(ListenerUsage, HelpAndVersionGoToStdout) {
  const Ended help = run_server({"--help"});
  EXPECT_EQ(help.code, 0);
  EXPECT_TRUE(help.out.starts_with("Usage: talk_server "));
  const Ended version = run_server({"--version"});
  EXPECT_EQ(version.code, 0);
  EXPECT_TRUE(version.out.starts_with("talk_server "));
  EXPECT_EQ(version.err + help.err, "");
  EXPECT_EQ(run_server({"-h"}).out, help.out);
  EXPECT_EQ(run_server({"-V"}).out, version.out);
}

TEST(ListenerUsage, APortInUseIsAFailure) {
  const TempDir dir;
  Server first({"--terminal", "none"}, dir.path());
  const std::string port = std::to_string(first.port());
  expect_refusal(run_server({"-t", "none", "-b", "127.0.0.1", port, dir.path()}), 1, port);
}

TEST(ListenerUsage, AnAddressThatIsNotOursIsAFailure) {
  expect_refusal(run_server({"-t", "none", "-b", "192.0.2.1", "0"}), 1, "192.0.2.1");
  expect_refusal(run_server({"-t", "none", "-b", "not an address", "0"}), 1, "not an address");
}

TEST(ListenerUsage, TheDirectoryMustBeOne) {
  const TempDir dir;
  write_file(dir / "file", "");
  for (const char* option : {"DIR", "--share", "--transcripts"}) {
    for (const char* name : {"missing", "file"}) {
      Words words = {"-t", "none", "-b", "127.0.0.1"};
      if (std::string(option) != "DIR") words.insert(words.end(), {option, dir / name});
      words.push_back("0");
      words.push_back(std::string(option) == "DIR" ? dir / name : dir.path().string());
      expect_refusal(run_server(words), 1, name);
    }
  }
}

// Root may write everywhere, so the programs are copied to where nobody may run them.
TEST(ListenerUsage, ADirectoryForFilesMustBeWritable) {
  const TempDir dir;
  fs::permissions(dir.path(), fs::perms(0755));
  for (const char* name : {"talk_server", "server_handler", "echo_handler"})
    fs::copy_file(program(name), dir / name);
  fs::create_directory(dir / "files");
  fs::permissions(dir / "files", fs::perms(0555));
  Words command = {dir / "talk_server", "-t", "none", "-b", "127.0.0.1", "0", dir / "files"};
  if (::geteuid() == 0) {
    const Words as_nobody = {"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"};
    command.insert(command.begin(), as_nobody.begin(), as_nobody.end());
  }
  expect_refusal(run(command), 1, "write");

  // A handler that stores nothing needs no more than to read it.
  command.insert(command.end() - 2, {"--handler", "echo"});
  Process echo(command);
  EXPECT_TRUE(echo.says("listening on ")) << echo.err();
}

TEST(ListenerUsage, TheHandlerMustBeAProgram) {
  const TempDir dir;
  write_file(dir / "text", "not a program");
  for (const char* name : {"missing", "text"})
    expect_refusal(run_server({"-t", "none", "-H", dir / name, "0"}), 1, name);
  expect_refusal(run_server({"-t", "none", "-H", dir.path(), "0"}), 1, "not a file");
}

TEST(ListenerUsage, WithoutADisplayTheChoicesAreNamed) {
  Process::Options bare;
  bare.unset = {"DISPLAY", "WAYLAND_DISPLAY", "TMUX"};
  for (const char* terminal : {"auto", "xterm", "kitty", "gnome-terminal", "foot", "tmux"}) {
    const Ended ended = run_server({"-t", terminal, "-b", "127.0.0.1", "0"}, bare);
    expect_refusal(ended, 1, "--terminal");
    for (const char* choice : {"xterm", "tmux", "none"})
      EXPECT_NE(ended.err.find(choice), std::string::npos) << ended.err;
  }
}

TEST(ListenerUsage, ADeadDisplayIsSaidBeforeAnybodyCalls) {
  for (const char* display : {":9731", "localhost:9731.0", "nonsense", ":", ":x", ":1x"}) {
    Process::Options options;
    options.environment["DISPLAY"] = display;
    expect_refusal(run_server({"-b", "127.0.0.1", "0"}, options), 1, display);
  }
}

// A display is asked last: one that hangs takes seconds, for an error that could be said at once.
TEST(ListenerUsage, WhatTheCommandLineNamesIsLookedAtBeforeTheDisplay) {
  const TempDir dir;
  Process::Options no_display;
  no_display.environment["DISPLAY"] = ":9731";
  const auto run_with = [&](const Words& words) { return run_server(words, no_display); };
  expect_refusal(run_with({"-b", "127.0.0.1", "0", dir / "missing"}), 1, "missing");
  expect_refusal(run_with({"-b", "192.0.2.1", "0"}), 1, "192.0.2.1");
  expect_refusal(run_with({"-t", "'xterm", "0", dir / "missing"}), 2, "quote");
  expect_refusal(run_with({"-b", "127.0.0.1", "0", dir.path()}), 1, ":9731");
}

TEST(ListenerUsage, ATerminalThatIsMissingIsSaidBeforeAnybodyCalls) {
  expect_refusal(run_server({"-t", "no-such-terminal -e", "0"}), 1, "no-such-terminal");
}

// Its number was read as far as it went, and a window opened on a descriptor that nobody meant.
TEST(ListenerUsage, TheConnectionsNumberIsANumber) {
  for (const char* fd : {"4x", "-1", "", "99999999999", " 4"})
    expect_refusal(run({program("talk_window"), "/bin/true", fd}), 2, "FD");
}

TEST(ListenerUsage, TheAddressIsTheOneLineOnStdout) {
  const TempDir dir;
  Server server({"--terminal", "none"}, dir.path());
  EXPECT_EQ(server.process().out(),
            "listening on 127.0.0.1:" + std::to_string(server.port()) + "\n");
  // Then stdout ends, so that a script may read it to its end.
  EXPECT_FALSE(server.process().says("never said"));
}

// A person is told what to tell visitors; a script, and the log of a service, are not.
TEST(ListenerUsage, OnATerminalItSaysHowVisitorsCome) {
  const TempDir dir;
  Process::Options at_terminal;
  at_terminal.terminal = true;
  at_terminal.directory = dir.path();
  Process server({program("talk_server"), "-t", "none", "-b", "127.0.0.1", "0"}, at_terminal);
  ASSERT_TRUE(server.says("only)\r\n")) << server.out();
  const std::string address = server.out().substr(0, server.out().find('\r'));
  ASSERT_TRUE(address.starts_with("listening on 127.0.0.1:")) << server.out();
  const std::string port = address.substr(address.rfind(':') + 1);
  EXPECT_TRUE(server.says("\nvisitors come with: talk_client 127.0.0.1 " + port +
                          "   or: nc 127.0.0.1 " + port + " "))
      << server.out();

  Server elsewhere({"--terminal", "none"}, dir.path());
  EXPECT_EQ(elsewhere.log().find("visitors"), std::string::npos) << elsewhere.log();
}

TEST(ListenerUsage, HowLongASessionMayBeIdleIsSaidToItsHandler) {
  const TempDir dir;
  const std::string handler =
      write_script(dir / "handler", "#!/bin/bash\necho \"idle=${TALK_IDLE-never}.\" >&$1\n");
  const std::pair<Words, std::string> kTable[] = {
      {{"--terminal", "none"}, "idle=300."},
      {{"--terminal", "none", "--idle", "7"}, "idle=7."},
      {{"--terminal", "none", "--idle", "0"}, "idle=0."},
      {{"--terminal", "env"}, "idle=never."},  // a terminal of one's own has a window
      {{"--terminal", "env", "--idle", "7"}, "idle=7."},
  };
  for (const auto& [words, expected] : kTable) {
    Words options = words;
    options.insert(options.end(), {"--handler", handler});
    Server server(options, dir.path());
    Peer visitor(server.port());
    EXPECT_TRUE(visitor.hears(expected)) << testing::PrintToString(words) << visitor.received();
  }
}

TEST(ListenerUsage, WithoutAnAddressItListensEverywhere) {
  const TempDir dir;
  Process server({program("talk_server"), "-t", "none", "0", dir.path()});
  ASSERT_TRUE(server.says("\n"));
  const bool v6 = server.out().starts_with("listening on [::]:");
  EXPECT_TRUE(v6 || server.out().starts_with("listening on 0.0.0.0:")) << server.out();
  server.signal(SIGTERM);
  EXPECT_EQ(server.exit_code(), 0);
}

}  // namespace
}  // namespace talk::test
