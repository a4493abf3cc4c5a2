// The main job, end to end: real windows on a real desktop, real programs that call.
#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>
#include <memory>

#include "tests/support/client.h"
#include "tests/support/desktop.h"
#include "tests/support/peer.h"
#include "tests/support/proc.h"
#include "tests/support/process.h"

namespace talk::test {
namespace {

class Windows : public testing::Test {
 protected:
  // A server on the desktop, and a session's parts.
  std::unique_ptr<Server> start(std::vector<std::string> options = {}) {
    return std::make_unique<Server>(options, dir_.path(), desktop_.options());
  }
  static pid_t handler_of(pid_t xterm) {
    EXPECT_TRUE(wait_until([&] { return !children_of(xterm).empty(); }));
    return children_of(xterm).at(0);
  }

  Desktop desktop_;
  TempDir dir_;
};

TEST_F(Windows, TheProcessListShowsWhatIsPromised) {
  const auto server = start();
  Peer visitor(server->port());
  const pid_t xterm = server->session_process(1);
  const pid_t handler = handler_of(xterm);
  ASSERT_TRUE(visitor.hears("TALK/1 pid=" + std::to_string(handler) + " "));
  const std::string session = program("server_handler") + " ";
  EXPECT_TRUE(command_of(handler).starts_with(session)) << command_of(handler);
  EXPECT_TRUE(command_of(xterm).starts_with("xterm ")) << command_of(xterm);
  EXPECT_TRUE(command_of(xterm).ends_with(" -e " + command_of(handler))) << command_of(xterm);
}

// Beside the connection and its terminal a handler gets nothing, neither from xterm nor from the
// listener.
TEST_F(Windows, AHandlerInAWindowHasOneDescriptorBesidesItsTerminal) {
  const std::string witness = write_script(dir_ / "witness", R"(#!/usr/bin/env python3
import os, sys
targets = {fd: os.readlink('/proc/self/fd/' + fd) for fd in os.listdir('/proc/self/fd')
           if os.path.lexists('/proc/self/fd/' + fd)}
text = ''.join(sorted(('connection' if fd == sys.argv[1] else fd)+ ' ' + target.split(':')[0].rstrip('0123456789') + '\n'
                      for fd, target in targets.items() if not target.endswith('/fd')))
open('it.new', 'w').write(text)
os.rename('it.new', 'it')
)");
  Process::Options options = desktop_.options();
  options.directory = dir_.path();
  const Server server({"-t", "xterm", "-H", witness}, dir_.path(), options);
  Peer visitor(server.port());
  ASSERT_TRUE(wait_until([&] { return std::filesystem::exists(dir_ / "it"); }));
  const std::string seen = read_file(dir_ / "it");
  EXPECT_EQ(seen, "0 /dev/pts/\n1 /dev/pts/\n2 /dev/pts/\nconnection socket\n");
}

struct Caller {
  const char* name;
  std::vector<std::string> command;  // before the host and the port
  bool half_closes;                  // its input ends before the desk answers
};

void PrintTo(const Caller& caller, std::ostream* out) { *out << caller.name; }

class WindowsFor : public Windows, public testing::WithParamInterface<Caller> {};

TEST_P(WindowsFor, WordsGoBothWays) {
  const auto server = start();
  std::vector<std::string> command = GetParam().command;
  command[0] = command[0] == "talk_client" ? program("talk_client") : command[0];
  command.insert(command.end(), {"127.0.0.1", std::to_string(server->port())});
  Process visitor(command);
  visitor.type("words from the visitor\n");
  if (GetParam().half_closes) visitor.end_input();
  const auto window = desktop_.window_of(server->session_process(1));
  EXPECT_TRUE(desktop_.shows(window, "words from the visitor"));
  desktop_.type_line(window, "words from the desk");
  EXPECT_TRUE(visitor.says("words from the desk")) << visitor.out() << desktop_.text_of(window);
}

const Caller kCallers[] = {
    {"nc", {"nc"}, false},
    {"nc_N", {"nc", "-N"}, true},
    {"ncat", {"ncat"}, false},
    {"telnet", {"telnet"}, false},
    {"talk_client", {"talk_client"}, false},
};
INSTANTIATE_TEST_SUITE_P(Visitors, WindowsFor, testing::ValuesIn(kCallers),
                         [](const auto& row) { return std::string(row.param.name); });

TEST_F(Windows, ThreeVisitorsHaveThreeWindowsAndHearOnlyTheirOwn) {
  const auto server = start();
  std::vector<std::unique_ptr<Peer>> visitors;
  std::vector<Desktop::Window> windows;
  for (int i = 1; i <= 3; ++i) {
    visitors.push_back(std::make_unique<Peer>(server->port()));
    visitors.back()->send("word " + std::to_string(i) + "\n");
    windows.push_back(desktop_.window_of(server->session_process(i)));
  }
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_TRUE(desktop_.shows(windows[i], "word " + std::to_string(i + 1)));
    desktop_.type_line(windows[i], "answer " + std::to_string(i + 1));
  }
  EXPECT_EQ(desktop_.count_windows(), 3u);
  for (std::size_t i = 0; i < 3; ++i)
    EXPECT_TRUE(visitors[i]->hears("answer " + std::to_string(i + 1)));
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t other = 0; other < 3; ++other) {
      if (other == i) continue;
      const std::string number = std::to_string(other + 1);
      EXPECT_EQ(visitors[i]->received().find("answer " + number), std::string::npos);
      EXPECT_EQ(desktop_.text_of(windows[i]).find("word " + number), std::string::npos);
    }
  }
}

TEST_F(Windows, AClosedWindowEndsItsSessionAndNoOther) {
  const auto server = start();
  Peer first(server->port());
  Peer second(server->port());
  const pid_t xterm = server->session_process(1);
  const pid_t handler = handler_of(xterm);
  ASSERT_TRUE(first.hears("TALK/1") && second.hears("TALK/1"));
  desktop_.close(desktop_.window_of(xterm));
  EXPECT_TRUE(first.sees_end());
  EXPECT_TRUE(wait_until([&] { return is_gone(xterm) && is_gone(handler); }));
  EXPECT_TRUE(server->logs("session 1 closed")) << server->log();
  EXPECT_EQ(first.received().find("ERROR"), std::string::npos) << first.received();
  second.send("still here\n");
  EXPECT_TRUE(desktop_.shows(desktop_.window_of(server->session_process(2)), "still here"));
}

TEST_F(Windows, AKilledTerminalEndsItsSession) {
  const auto server = start();
  Peer visitor(server->port());
  const pid_t xterm = server->session_process(1);
  const pid_t handler = handler_of(xterm);
  ASSERT_TRUE(visitor.hears("TALK/1"));
  ::kill(xterm, SIGKILL);
  EXPECT_TRUE(visitor.sees_end());
  EXPECT_TRUE(wait_until([&] { return is_gone(xterm) && is_dead(handler); }));
}

TEST_F(Windows, AVisitorWhoIsGoneTakesTheWindowAlongWhereItShallNotLinger) {
  const auto server = start({"--linger", "0"});
  Peer visitor(server->port());
  const pid_t xterm = server->session_process(1);
  const pid_t handler = handler_of(xterm);
  ASSERT_TRUE(visitor.hears("TALK/1"));
  visitor.reset();
  EXPECT_TRUE(wait_until([&] { return is_gone(xterm) && is_gone(handler); }));
  EXPECT_EQ(desktop_.count_windows(), 0u);
  EXPECT_TRUE(children_of(server->process().pid()).empty());
}

TEST_F(Windows, AWindowWaitsToBeReadUntilAKeyIsPressed) {
  const auto server = start();
  Peer visitor(server->port());
  const pid_t xterm = server->session_process(1);
  const auto window = desktop_.window_of(xterm);
  visitor.send("read me\n");
  ASSERT_TRUE(desktop_.shows(window, "read me"));
  visitor.reset();
  EXPECT_TRUE(desktop_.shows(window, "q closes"));  // says what to do
  EXPECT_TRUE(desktop_.shows(window, "read me"));
  EXPECT_FALSE(is_gone(xterm));
  desktop_.press(window, "Return");
  EXPECT_TRUE(wait_until([&] { return is_gone(xterm); }));
}

// A window that stays to be read was counted as a session: the next visitor waited for somebody to
// close it.
TEST_F(Windows, AWindowThatLingersIsNoSession) {
  const auto server = start({"--max-sessions", "1"});
  Peer first(server->port());
  ASSERT_TRUE(first.hears("TALK/1"));
  const pid_t xterm = server->session_process(1);
  Peer second(server->port());
  EXPECT_FALSE(second.hears("TALK/1", milliseconds(300)));
  first.reset();
  EXPECT_TRUE(second.hears("TALK/1")) << server->log();
  EXPECT_FALSE(is_gone(xterm));
  Peer third(server->port());
  EXPECT_FALSE(third.hears("TALK/1", milliseconds(300)));
}

// Who had given up waiting got a window all the same, to be closed by the person at the desk.
TEST_F(Windows, WhoHungUpWhileWaitingGetsNone) {
  const auto server = start({"--max-sessions", "1", "--linger", "0"});
  Peer first(server->port());
  ASSERT_TRUE(first.hears("TALK/1"));
  Peer ended(server->port());
  ended.close();
  Peer reset(server->port());
  reset.send("words");
  reset.reset();
  Peer spoken(server->port());  // nc -N, with its input at an end
  spoken.send("words to be read\n");
  spoken.half_close();
  first.reset();
  EXPECT_TRUE(spoken.hears("TALK/1")) << server->log();
  EXPECT_TRUE(desktop_.shows(desktop_.window_of(server->session_process(2)), "words to be read"));
  EXPECT_EQ(server->log().find("session 3"), std::string::npos) << server->log();
  EXPECT_TRUE(server->logs("refused peer=127.0.0.1:")) << server->log();
  EXPECT_TRUE(server->logs("reason=\"hung up before its turn came\"")) << server->log();
}

// A title that can be asked for comes back as keys: words of a visitor that were typed by nobody.
TEST_F(Windows, NoResourcesOfThePersonLetMoreBeDoneToThem) {
  const std::string cat =
      write_script(dir_ / "cat", "#!/bin/sh\nstty raw -echo\ncat <&$1 &\nexec cat >&$1\n");
  write_file(dir_ / "resources", "XTerm*allowWindowOps: true\n*VT100*allowWindowOps: true\n");
  Process::Options options = desktop_.options();
  options.environment["XENVIRONMENT"] = dir_ / "resources";
  Server server({"-t", "xterm", "-H", cat}, dir_.path(), options);
  Peer visitor(server.port());
  const auto window = desktop_.window_of(server.session_process(1));
  EXPECT_EQ(desktop_.instance_of(window), "talk");
  const std::string before = desktop_.geometry_of(window);
  constexpr const char* kStatus = "\x1b[5n";  // is answered, and comes last
  visitor.send(std::string("\x1b[8;10;40t\x1b[14t\x1b[20t\x1b[21t\x1b]52;c;?\x07") + kStatus);
  EXPECT_TRUE(visitor.hears("\x1b[0n"));
  EXPECT_EQ(visitor.received(), "\x1b[0n");
  EXPECT_EQ(desktop_.geometry_of(window), before);
}

// Once its xterm was killed, a handler to which SIGHUP means nothing had nobody to answer to.
TEST_F(Windows, AHandlerThatMindsNoSignalDoesNotOutliveAStop) {
  const std::string stubborn = write_script(
      dir_ / "stubborn", "#!/bin/sh\ntrap '' TERM INT HUP\nwhile :; do sleep 60; done\n");
  Server server({"-t", "xterm", "-H", stubborn}, dir_.path(), desktop_.options());
  Peer visitor(server.port());
  const pid_t handler = handler_of(server.session_process(1));
  ASSERT_TRUE(wait_until([&] { return !children_of(handler).empty(); }));
  const pid_t child = children_of(handler).at(0);
  server.process().signal(SIGTERM);
  EXPECT_EQ(server.process().exit_code(), 0);
  EXPECT_TRUE(wait_until([&] { return is_dead(handler) && is_dead(child); }));
  EXPECT_TRUE(visitor.sees_end());
}

// This one ends when it is told, and leaves a child behind which ignores the closing of the window.
TEST_F(Windows, WhatAHandlerLeavesBehindDoesNotOutliveAStop) {
  const std::string careless = write_script(
      dir_ / "careless", "#!/bin/sh\ntrap '' HUP\nsleep 1000 &\nwhile :; do sleep 1; done\n");
  Server server({"-t", "xterm", "-H", careless}, dir_.path(), desktop_.options());
  Peer visitor(server.port());
  const pid_t handler = handler_of(server.session_process(1));
  ASSERT_TRUE(wait_until([&] { return children_of(handler).size() == 2; }));
  const std::vector<pid_t> children = children_of(handler);
  server.process().signal(SIGTERM);
  EXPECT_EQ(server.process().exit_code(), 0);
  for (const pid_t child : children) EXPECT_TRUE(wait_until([&] { return is_dead(child); }));
  EXPECT_TRUE(visitor.sees_end());
}

// A stop took windows along that nobody had read.
TEST_F(Windows, AnUnreadWindowOutlivesTheServerUntilItIsToldAgain) {
  const auto server = start();
  Peer asks(server->port());
  ASSERT_TRUE(asks.hears("TALK/1"));
  asks.send("may I come tomorrow?\n");
  const pid_t unread = server->session_process(1);
  Peer silent(server->port());
  ASSERT_TRUE(silent.hears("TALK/1"));
  const pid_t nothing = server->session_process(2);
  const pid_t handler = handler_of(unread);
  handler_of(nothing);
  ASSERT_TRUE(asks.hears("\r\n"));
  ASSERT_TRUE(wait_until([&] { return desktop_.count_windows() == 2; }));
  ASSERT_TRUE(wait_until([&] {
    return desktop_.title_of(desktop_.window_of(unread)).find("(1)") != std::string::npos;
  })) << desktop_.title_of(desktop_.window_of(unread));
  server->process().signal(SIGTERM);
  EXPECT_EQ(server->process().exit_code(), 0);
  EXPECT_TRUE(asks.sees_end());
  EXPECT_TRUE(wait_until([&] { return is_dead(nothing); }));
  EXPECT_FALSE(is_dead(handler));
  ::kill(handler, SIGTERM);
  EXPECT_TRUE(wait_until([&] { return is_dead(unread); }));
}

TEST_F(Windows, TheEndOfTheServerIsTheEndOfItsWindows) {
  const auto server = start();
  Process visitor(client(server->port()));
  const pid_t xterm = server->session_process(1);
  const pid_t handler = handler_of(xterm);
  ASSERT_TRUE(visitor.complains("connected to"));
  server->process().signal(SIGINT);
  EXPECT_EQ(server->process().exit_code(), 0);
  EXPECT_TRUE(visitor.complains("the program was stopped")) << visitor.err();
  EXPECT_TRUE(is_gone(xterm));
  EXPECT_TRUE(wait_until([&] { return is_dead(handler); }));
}

}  // namespace
}  // namespace talk::test
