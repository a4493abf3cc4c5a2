// The terminal under the plain screen: given back with the settings it had however the talk ends,
// shared with the shell's job control, and kept for a while to be read when it is a window.
#include <gtest/gtest.h>
#include <signal.h>

#include <memory>

#include "tests/support/client.h"
#include "tests/support/desk.h"
#include "tests/support/fake_server.h"
#include "tests/support/paper.h"
#include "tests/support/proc.h"
#include "tests/support/process.h"
#include "tests/support/talk_peer.h"
#include "tests/support/temp_dir.h"

namespace talk::test {
namespace {

// talk_client as a person starts it, from a shell.
class TalkTerminal : public testing::Test {
 protected:
  void start(const std::string& script) {
    FakeServer door;
    Process::Options options;
    options.terminal = true;
    options.directory = directory_.path();
    options.environment["CLIENT"] = shell_client(door.port(), "--plain");
    shell_ = std::make_unique<Process>(std::vector<std::string>{"sh", "-c", script}, options);
    desk_ = std::make_unique<TalkPeer>(door.accept());
    ASSERT_TRUE(shell_->says("connected to <prof>") && shows_last(">"));
  }

  bool shows_last(const std::string& row) {
    return wait_until([&] { return Paper(shell_->out()).last() == row; });
  }
  std::string file(const std::string& name) { return read_file(directory_ / name); }

  TempDir directory_;
  std::unique_ptr<Process> shell_;
  std::unique_ptr<TalkPeer> desk_;
};

// A program that dies and leaves its user in a terminal without echo is remembered for it.
TEST_F(TalkTerminal, IsGivenBackAsItWasHoweverTheTalkEnds) {
  struct Ending {
    std::string how;
    std::function<void()> come;
    std::string code;
  };
  const auto client_gets = [&](int signal) { ::kill(children_of(shell_->pid()).at(0), signal); };
  const Ending endings[] = {{"^D", [&] { shell_->type("\x15\x04"); }, "0\n"},
                            {"^C", [&] { shell_->type("\x03"); }, "130\n"},
                            {"^\\", [&] { shell_->type("\x1c"); }, "131\n"},
                            {"terminated", [&] { client_gets(SIGTERM); }, "143\n"},
                            {"hung up", [&] { client_gets(SIGHUP); }, "129\n"},
                            {"bye", [&] { desk_->send(frame('B', "supper")); }, "0\n"},
                            {"lost", [&] { desk_->close(); }, "4\n"},
                            {"nonsense", [&] { desk_->send(std::string(9, '\0')); }, "1\n"}};
  for (const Ending& ending : endings) {
    start(
        "ulimit -c 0; trap : INT QUIT; stty -g > before; $CLIENT; echo $? > code; "
        "stty -g > after");
    shell_->type("half a line");
    EXPECT_TRUE(shows_last("> half a line"));
    ending.come();
    EXPECT_TRUE(desk_->fd() < 0 || desk_->hears_frame('B')) << ending.how;
    if (ending.how == "^D") desk_->send(frame('B', ""));
    desk_->close();
    EXPECT_TRUE(shell_->exit_code()) << ending.how;
    EXPECT_EQ(file("code"), ending.code) << ending.how;
    EXPECT_EQ(file("before"), file("after")) << ending.how;
    EXPECT_EQ(Paper(shell_->out()).complaints(), "") << ending.how;
  }
}

// ^Z, a look at something else, and fg: the line is still there, and what came meanwhile too.
TEST_F(TalkTerminal, IsGivenToTheShellWhileTheTalkIsStopped) {
  start(
      "set -m; stty -g > before; $CLIENT; stty -g > stopped; echo STOPPED; read enter; "
      "fg > /dev/null; echo $? > code; stty -g > after");
  shell_->type("half");
  EXPECT_TRUE(shows_last("> half"));
  shell_->type("\x1a");
  EXPECT_TRUE(shell_->says("STOPPED"));
  EXPECT_EQ(file("before"), file("stopped"));
  desk_->send(frame('T', "while you were away"));
  shell_->type("\r");
  EXPECT_TRUE(shell_->says("<prof> while you were away"));
  EXPECT_TRUE(shows_last("> half"));
  shell_->type(" and half\r");
  EXPECT_TRUE(desk_->hears_frame('T', "half and half"));
  shell_->type("\x04");
  EXPECT_TRUE(desk_->hears_frame('B'));
  desk_->send(frame('B', ""));
  desk_->close();
  EXPECT_TRUE(shell_->exit_code());
  EXPECT_EQ(file("code"), "0\n");
  EXPECT_EQ(file("before"), file("after"));
}

// ---- The window at the desk ----

class TalkWindow : public testing::Test {
 protected:
  void start(const std::string& linger) {
    FakeServer door;
    visitor_ = std::make_unique<TalkPeer>(door.port());
    window_ = open_window(door, {{"TALK_LINGER", linger}});
    ASSERT_TRUE(window_->says("<alice> has come in"));
  }
  void visitor_leaves() {
    visitor_->send(frame('T', "the last words") + frame('B', ""));
    EXPECT_TRUE(visitor_->sees_end()) << "the visitor need not wait for the window";
    visitor_->close();
    EXPECT_TRUE(window_->says("press a key to close"));
    EXPECT_EQ(Paper(window_->out()).count("<alice> the last words"), 1);
    EXPECT_EQ(window_->exit_code(milliseconds(0)), std::nullopt);
  }

  std::unique_ptr<TalkPeer> visitor_;
  std::unique_ptr<Process> window_;
};

TEST_F(TalkWindow, StaysToBeReadUntilAKeyIsPressed) {
  start("1000");
  visitor_leaves();
  window_->type("q");
  EXPECT_EQ(window_->exit_code(), 0);
}

TEST_F(TalkWindow, StaysAlsoWhenTheVisitorIsLost) {
  start("1000");
  visitor_->reset();
  EXPECT_TRUE(window_->says("press a key to close"));
  EXPECT_TRUE(window_->says("ERROR: the connection to <alice> was lost"));
  window_->type("\x1b[A");  // an arrow, not three keys
  EXPECT_EQ(window_->exit_code(), 0);
}

TEST_F(TalkWindow, StaysNoLongerThanItsTime) {
  start("1");
  visitor_leaves();
  EXPECT_EQ(window_->exit_code(), 0);
}

TEST_F(TalkWindow, IsClosedWhileItLingers) {
  start("1000");
  visitor_leaves();
  window_->hang_up();
  EXPECT_TRUE(window_->exit_code());
  start("1000");
  visitor_leaves();
  window_->signal(SIGTERM);
  EXPECT_TRUE(window_->exit_code());
}

TEST_F(TalkWindow, IsGoneAtOnceWhereNoLingerIsWanted) {
  start("0");
  visitor_->send(frame('B', ""));
  EXPECT_TRUE(visitor_->sees_end());
  visitor_->close();
  EXPECT_EQ(window_->exit_code(), 0);
  EXPECT_EQ(window_->out().find("press a key"), std::string::npos);
}

}  // namespace
}  // namespace talk::test
