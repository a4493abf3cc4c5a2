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
  void visitor_says(const std::string& words) {
    visitor_->send(frame('T', words));
    EXPECT_TRUE(window_->says("<alice> " + words));
  }
  void visitor_leaves() {
    visitor_->send(frame('B', ""));
    EXPECT_TRUE(visitor_->sees_end()) << "the visitor need not wait for the window";
    visitor_->close();
    EXPECT_TRUE(window_->says(kCloses));
  }
  void type_half(const std::string& words) {
    wait_for_prompt(*window_);
    window_->type(words);
    EXPECT_TRUE(shows_last("> " + words));
  }
  bool shows_last(const std::string& row) {
    return wait_until([&] { return Paper(window_->out()).last() == row; });
  }
  bool is_open() { return !window_->exit_code(milliseconds(0)); }

  static constexpr const char* kCloses = "Esc or q closes";
  std::unique_ptr<TalkPeer> visitor_;
  std::unique_ptr<Process> window_;
};

// A window took the focus in the middle of a password, and its visitor read the rest of it.
TEST_F(TalkWindow, TakesNothingThatWasTypedWhileItOpened) {
  start("0");
  window_->type("hunter2\rand more\r");
  EXPECT_TRUE(window_->says("^Y brings it back"));
  window_->type("hello\r");
  EXPECT_TRUE(visitor_->hears_frame('T', "hello"));
  EXPECT_EQ(visitor_->texts(), std::vector<std::string>{"hello"});
  EXPECT_EQ(window_->out().find("hunter2"), std::string::npos) << "others may look on";
  window_->type("\x19");
  EXPECT_TRUE(shows_last("> hunter2 and more"));
}

// Somebody who goes on typing has not seen the window: its age alone opens it to nobody.
TEST_F(TalkWindow, TakesNothingBeforeTheKeysHaveRested) {
  start("0");
  const Time past_its_youth = Clock::now() + seconds(2);
  while (Clock::now() < past_its_youth) {
    window_->type("no!\r");
    window_->says("never said", milliseconds(100));
  }
  window_->type("/bye\r");
  wait_for_prompt(*window_);
  EXPECT_TRUE(visitor_->is_answered());
  EXPECT_EQ(visitor_->texts(), std::vector<std::string>{});
  EXPECT_TRUE(is_open());
}

TEST_F(TalkWindow, StaysToBeReadUntilItIsClosed) {
  for (const char* const key : {"q", "\r", "\x1b"}) {
    start("1000");
    visitor_says("the last words");
    visitor_leaves();
    EXPECT_TRUE(is_open());
    window_->type("x");
    EXPECT_TRUE(window_->says("not sent: \"x\""));
    window_->type("\x1b[A");  // an arrow, and not Esc
    window_->type("y");
    EXPECT_TRUE(window_->says("not sent: \"xy\"")) << window_->out();
    if (*key == '\r') {
      window_->type(key);  // of the line that stands there
      EXPECT_TRUE(window_->says("not sent: \"xy \""));
    }
    window_->type(key);
    EXPECT_EQ(window_->exit_code(), 0) << key;
  }
}

// Any key closed it: the window below got the focus, and the rest of the sentence was said there.
TEST_F(TalkWindow, IsNotClosedByTheRestOfASentence) {
  start("1000");
  type_half("I was just");
  visitor_->send(frame('B', ""));
  EXPECT_TRUE(visitor_->sees_end());
  for (const char* const key : {"\r", "q", "\r"}) {  // at once: nobody has read that it is over
    window_->type(key);
    window_->says("nothing", milliseconds(100));
  }
  EXPECT_TRUE(window_->says(kCloses));
  window_->type("q");  // the first letter of a word
  window_->says("nothing", milliseconds(50));
  window_->type("uickly, please");
  EXPECT_TRUE(window_->says("quickly, please\""));
  EXPECT_TRUE(is_open());
  EXPECT_TRUE(window_->says("not sent: \"I was just\"")) << "what was half typed stays";
  window_->type("q");
  EXPECT_EQ(window_->exit_code(), 0);
}

TEST_F(TalkWindow, StaysAlsoWhenTheVisitorIsLost) {
  start("1000");
  visitor_->reset();
  EXPECT_TRUE(window_->says(kCloses));
  EXPECT_TRUE(window_->says("the connection to <alice> was lost"));
  window_->type("q");
  EXPECT_EQ(window_->exit_code(), 0);
}

TEST_F(TalkWindow, StaysNoLongerThanItsTime) {
  start("1");
  visitor_leaves();
  EXPECT_EQ(window_->exit_code(), 0);
}

// Its time ran out while nobody had looked, and what the visitor had asked was never read.
TEST_F(TalkWindow, StaysWithWordsThatNobodyHasRead) {
  start("1");
  visitor_says("may I hand it in tomorrow?");
  visitor_leaves();
  const auto visitor = std::move(visitor_);
  const auto unread = std::move(window_);
  start("1");
  visitor_leaves();
  EXPECT_EQ(window_->exit_code(), 0) << "nothing was missed here";
  start("1");
  visitor_leaves();
  EXPECT_EQ(window_->exit_code(), 0);
  EXPECT_EQ(unread->exit_code(milliseconds(0)), std::nullopt);
  unread->type("x");  // somebody looks; from now on its time counts
  EXPECT_EQ(unread->exit_code(), 0);
}

TEST_F(TalkWindow, IsClosedWhileItLingers) {
  for (const int signal : {SIGHUP, SIGTERM}) {
    start("1000");
    visitor_leaves();
    signal == SIGHUP ? window_->hang_up() : window_->signal(signal);
    EXPECT_TRUE(window_->exit_code());
  }
}

// A stop of the server took windows away that nobody had read, and sentences that were half typed.
TEST_F(TalkWindow, AStopEndsTheTalkAndNotWhatIsUnreadOrHalfTyped) {
  for (const bool unread : {true, false}) {
    start("1000");
    unread ? visitor_says("are you there?") : type_half("I think that");
    window_->signal(SIGTERM);
    EXPECT_TRUE(visitor_->hears_frame('B', "the program was stopped"));
    visitor_->close();
    EXPECT_TRUE(window_->says(kCloses));
    EXPECT_TRUE(window_->says("the program was stopped")) << window_->out();
    EXPECT_TRUE(unread || window_->says("not sent: \"I think that\""));
    EXPECT_TRUE(is_open());
    window_->signal(SIGTERM);
    EXPECT_TRUE(window_->exit_code()) << "a second stop means it";
  }
  start("1000");
  window_->signal(SIGTERM);
  EXPECT_TRUE(window_->exit_code()) << "nothing is lost with this one";
}

TEST_F(TalkWindow, AStopWhileItLingersIsTold) {
  start("1000");
  visitor_says("are you there?");
  visitor_leaves();
  window_->signal(SIGTERM);
  EXPECT_TRUE(window_->says("the server was stopped; this window stays to be read"));
  EXPECT_TRUE(is_open());
  window_->signal(SIGTERM);
  EXPECT_TRUE(window_->exit_code());
}

TEST_F(TalkWindow, IsGoneAtOnceWhereNoLingerIsWanted) {
  start("0");
  visitor_says("unread");
  visitor_->send(frame('B', ""));
  EXPECT_TRUE(visitor_->sees_end());
  visitor_->close();
  EXPECT_EQ(window_->exit_code(), 0);
  EXPECT_EQ(window_->out().find(kCloses), std::string::npos);
}

}  // namespace
}  // namespace talk::test
