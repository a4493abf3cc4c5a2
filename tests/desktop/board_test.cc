// The board as a person sees it: in a terminal of a given size, with real servers and sessions.
#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>
#include <memory>

#include "common/desk/typing_elsewhere.h"
#include "tests/support/pane.h"
#include "tests/support/proc.h"
#include "tests/support/process.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tmux.h"
#include "tests/support/visitor.h"

namespace talk::test {
namespace {

class Board : public testing::Test {
 protected:
  std::map<std::string, std::string> environment() const {
    return {{"XDG_RUNTIME_DIR", runtime.path()}, {"LC_ALL", "C.UTF-8"}};
  }
  Server serve(std::vector<std::string> options = {}) const {
    Process::Options process;
    process.environment = environment();
    options.insert(options.begin(), {"--terminal", "none", "--name", "prof"});
    return Server(options, files.path(), process);
  }
  // By its port: this user may have other servers, registered below /tmp. How it ends is told by
  // the shell: tmux, whose child it would be, sometimes never asks for a child's status.
  Pane open(const Server& server, int columns, int rows) const {
    return Pane(columns, rows,
                program("talk_desk") + " " + std::to_string(server.port()) +
                    "; echo \"left with $?\"; exec cat",
                environment());
  }
  // The row that begins with the session's number and name, selected or not.
  static std::string row_of(const Pane& board, const std::string& beginning) {
    for (const std::string& row : board.rows())
      if (row.size() > 2 && row.substr(2).starts_with(beginning)) return row;
    return "";
  }
  static bool row_holds(const Pane& board, const std::string& beginning, const std::string& part,
                        milliseconds patience = kPatience) {
    return wait_until([&] { return row_of(board, beginning).find(part) != std::string::npos; },
                      patience);
  }

  TempDir runtime;
  TempDir files;
};

TEST_F(Board, WithNobodyThereItSaysSoAndLeavesTheTerminalAsItWas) {
  const Server server = serve();
  Pane board = open(server, 80, 24);
  EXPECT_TRUE(
      board.shows(" desk " + std::to_string(server.port()) + " | 0 sessions | 1000 at most | up "));
  EXPECT_TRUE(board.row_is(1, "  nobody is here"));
  EXPECT_TRUE(board.row_is(-1, "Enter raise  s say  a say to all  c close  q leave"));
  board.type("q");
  EXPECT_TRUE(board.shows("left with 0"));
  EXPECT_EQ(board.value("#{alternate_on}"), "0");
}

TEST_F(Board, LooksRightAtEachSize) {
  const Server server = serve({"--max-sessions", "64"});
  std::vector<std::unique_ptr<TalkPeer>> visitors;
  for (int i = 1; i <= 64; ++i) visitors.push_back(visitor(server, "v" + std::to_string(i)));
  visitors[1]->send(frame('T', "hello") + frame('T', "there"));
  const Peer waiting(server.port());
  const std::pair<int, int> sizes[] = {{80, 24}, {40, 10}, {200, 60}, {80, 100}};
  for (const auto& [columns, rows] : sizes) {
    Pane board = open(server, columns, rows);
    EXPECT_TRUE(board.shows("64 sessions")) << columns;
    EXPECT_TRUE(board.shows("1 waiting")) << columns;
    EXPECT_TRUE(row_holds(board, " 2  v2", "*2")) << board.text();
    EXPECT_TRUE(board.rows()[2].starts_with(">  1  v1")) << board.text();
    const int hidden = 64 - (rows - 5);
    const std::string below = hidden > 0 ? "  " + std::to_string(hidden) + " more below" : "";
    EXPECT_TRUE(board.row_is(-2, below)) << board.text();
    board.key("End");
    EXPECT_TRUE(board.shows("> 64  v64")) << board.text();
  }
}

TEST_F(Board, ShowsAChangeAtOnceAndNotByColourAlone) {
  const Server server = serve();
  const auto alice = visitor(server, "alice");
  Pane board = open(server, 80, 24);
  ASSERT_TRUE(row_holds(board, "1  alice", "here"));
  alice->send(frame('T', "a question"));
  EXPECT_TRUE(row_holds(board, "1  alice", "*1"));
  alice->send(frame('O', u32(1) + u64(1000) + u64(0) + "notes.pdf"));
  ASSERT_TRUE(alice->hears_frame('A'));
  alice->send(frame('D', u32(1) + std::string(450, 'x')));
  EXPECT_TRUE(row_holds(board, "1  alice", "< notes.pdf 45 % ███"));
  const auto bob = visitor(server, "bob");
  EXPECT_TRUE(board.shows("2  bob"));
  alice->close();
  EXPECT_TRUE(wait_until([&] { return row_of(board, "1  alice").empty(); }));
  EXPECT_TRUE(board.shows("> 2  bob"));
}

TEST_F(Board, SaysToOneToAllAndClosesWithAReason) {
  const Server server = serve();
  const auto alice = visitor(server, "alice");
  const auto bob = visitor(server, "bob");
  Pane board = open(server, 80, 24);
  ASSERT_TRUE(board.shows("2  bob"));
  board.key("Down");
  ASSERT_TRUE(board.shows("> 2  bob"));
  board.type("s");
  ASSERT_TRUE(board.shows("say to 2 bob:"));
  board.type("only you, quietly");
  board.key("Enter");
  EXPECT_TRUE(bob->hears_frame('T', "only you, quietly"));
  EXPECT_TRUE(board.shows("said"));
  board.type("a");
  ASSERT_TRUE(board.shows("say to all (2):"));
  board.type("everybody");
  const auto carol = visitor(server, "carol");  // who was not there
  ASSERT_TRUE(board.shows("3  carol"));
  board.key("Enter");
  EXPECT_TRUE(board.shows("said to 2"));
  EXPECT_TRUE(alice->hears_frame('T', "everybody"));
  EXPECT_TRUE(bob->hears_frame('T', "everybody"));
  EXPECT_EQ(alice->texts(), std::vector<std::string>{"everybody"});
  EXPECT_TRUE(carol->is_answered());
  EXPECT_TRUE(carol->texts().empty());
  board.type("c");
  ASSERT_TRUE(board.shows("close 2 bob, why?"));
  board.type("lunch");
  board.key("Enter");
  ASSERT_TRUE(board.shows("y ends the talk"));
  board.type("y");
  EXPECT_TRUE(bob->hears_frame('B', "lunch"));
  EXPECT_TRUE(wait_until([&] { return row_of(board, "2  bob").empty(); }));
}

// Typed for another window, it ended a talk and told its visitor the words.
TEST_F(Board, ASentenceThatBeginsLikeAnOrderClosesNothing) {
  const Server server = serve();
  const auto alice = visitor(server, "alice");
  Pane board = open(server, 80, 24);
  ASSERT_TRUE(board.shows("> 1  alice"));
  board.type("call me at nine");
  board.key("Enter");
  ASSERT_TRUE(board.shows("y ends the talk, any other key does not"));
  board.type("s");
  EXPECT_TRUE(board.shows("not closed"));
  EXPECT_TRUE(alice->is_answered());
  EXPECT_TRUE(board.shows("> 1  alice"));
}

// A window that opened took the keyboard, and the rest of the words for one went to another.
TEST_F(Board, WindowsThatOpenLearnThatALineIsBegunThere) {
  const Server server = serve();
  const auto alice = visitor(server, "alice");
  const std::string directory = runtime / ("talk/" + std::to_string(server.port()));
  {
    Pane board = open(server, 80, 24);
    ASSERT_TRUE(board.shows("> 1  alice"));
    EXPECT_FALSE(typing_elsewhere(directory, 2));
    board.type("s");
    ASSERT_TRUE(board.shows("say to 1 alice:"));
    EXPECT_TRUE(typing_elsewhere(directory, 2));
    EXPECT_TRUE(typing_elsewhere(runtime / "talk/1", 1)) << "also those of another server";
    board.key("Escape");
    EXPECT_TRUE(wait_until([&] { return !typing_elsewhere(directory, 2); }));
    board.type("q");
    EXPECT_TRUE(board.shows("left with 0"));
  }
  for (const auto& entry : std::filesystem::directory_iterator(directory))
    EXPECT_FALSE(entry.path().filename().string().starts_with("board")) << entry.path();
}

// A line that was begun for one visitor is never said to another, whoever has left meanwhile.
TEST_F(Board, WordsForAVisitorWhoHasLeftAreSaidToNobody) {
  const Server server = serve();
  const auto alice = visitor(server, "alice");
  const auto bob = visitor(server, "bob");
  Pane board = open(server, 80, 24);
  ASSERT_TRUE(board.shows("> 1  alice"));
  board.type("shunter2");  // as it comes over a slow link: the key and the words at once
  ASSERT_TRUE(board.shows("say to 1 alice: hunter2"));
  alice->close();
  ASSERT_TRUE(board.shows("> 2  bob"));
  EXPECT_TRUE(board.shows("say to 1 alice: hunter2"));
  board.key("Enter");
  EXPECT_TRUE(board.shows("there is no session 1; ^Y in the next line brings your words back"));
  EXPECT_TRUE(bob->is_answered());
  EXPECT_TRUE(bob->texts().empty());
  board.type("s\x19");
  EXPECT_TRUE(board.shows("say to 2 bob: hunter2"));
}

TEST_F(Board, WhatIsKeptBackIsNotSaid) {
  const Server server = serve();
  const auto alice = visitor(server, "alice");
  Pane board = open(server, 80, 24);
  ASSERT_TRUE(board.shows("> 1  alice"));
  board.type("s");
  board.type("never mind");
  board.key("C-c");
  EXPECT_TRUE(board.row_is(-1, "Enter raise  s say  a say to all  c close  q leave"));
  board.type("c");
  board.key("C-c");
  EXPECT_TRUE(alice->is_answered());
  EXPECT_TRUE(alice->texts().empty());
  board.key("C-c");
  EXPECT_TRUE(board.shows("left with 0"));
}

TEST_F(Board, AFrozenSessionIsShownForOneAndWhatWasAskedIsDoneWhenItWakes) {
  const Server server = serve();
  const auto alice = visitor(server, "alice");
  const auto bob = visitor(server, "bob");
  Pane board = open(server, 80, 24);
  ASSERT_TRUE(row_holds(board, "1  alice", "here"));
  ::kill(alice->handler_pid(), SIGSTOP);
  EXPECT_TRUE(row_holds(board, "1  alice", "frozen"));
  board.type("a");
  board.type("hello");
  board.key("Enter");
  EXPECT_TRUE(bob->hears_frame('T', "hello"));
  EXPECT_TRUE(board.shows("session 1 does not answer"));
  ::kill(alice->handler_pid(), SIGCONT);
  EXPECT_TRUE(alice->hears_frame('T', "hello"));
  EXPECT_TRUE(row_holds(board, "1  alice", "here"));
}

// A board that somebody stopped, or that hangs, is nobody's business but its own.
TEST_F(Board, AStoppedBoardHoldsNoSessionUpAndTwoSeeTheSame) {
  const Server server = serve();
  const auto alice = visitor(server, "alice");
  Pane stopped = open(server, 80, 24);
  Pane other = open(server, 60, 12);
  ASSERT_TRUE(stopped.shows("1  alice"));
  ASSERT_TRUE(other.shows("1  alice"));
  const pid_t board = std::stoi(stopped.value("#{pane_pid}"));
  const std::vector<pid_t> children = children_of(board);
  const pid_t process = children.empty() ? board : children.front();
  ::kill(process, SIGSTOP);
  alice->send(frame('T', "are you there?"));
  EXPECT_TRUE(row_holds(other, "1  alice", "*1"));
  EXPECT_TRUE(alice->is_answered());
  const auto bob = visitor(server, "bob");
  EXPECT_TRUE(other.shows("2  bob"));
  ::kill(process, SIGCONT);
  EXPECT_TRUE(stopped.shows("2  bob"));
}

TEST_F(Board, AServerThatStopsIsSaidToHave) {
  Server server = serve();
  Pane board = open(server, 80, 24);
  ASSERT_TRUE(board.shows("0 sessions"));
  server.process().signal(SIGTERM);
  EXPECT_TRUE(board.shows("the server does not answer"));
}

// ---- Windows ----

TEST(BoardInTmux, OpensInAWindowOfItsOwnAndRaisesTheOthers) {
  Tmux tmux;
  const TempDir files;
  const TempDir runtime;
  Process::Options options = tmux.options();
  options.environment["XDG_RUNTIME_DIR"] = runtime.path();
  Server server({"--board", "--terminal", "tmux"}, files.path(), options);
  ASSERT_TRUE(wait_until([&] { return tmux.has_window("desk"); }));
  ASSERT_TRUE(tmux.shows("desk", "nobody is here"));
  TalkPeer alice(server.port());
  ASSERT_TRUE(tmux.shows("desk", "1  alice"));
  ASSERT_TRUE(wait_until([&] { return tmux.has_window("talk 1"); }));
  const auto current = [&] { return tmux.run({"display-message", "-p", "-t", "test", "#W"}); };
  EXPECT_NE(current(), "talk 1\n");
  tmux.run({"send-keys", "-t", "test:=desk", "Enter"});
  EXPECT_TRUE(wait_until([&] { return current() == "1 alice\n"; })) << current();
  server.process().signal(SIGTERM);
  EXPECT_TRUE(wait_until([&] { return !tmux.has_window("desk"); }));
}

// What is said from the board stands in the window as one's own words; a talk that has ended stays
// on the board as long as its window does.
TEST(BoardInTmux, ATalkThatHasEndedIsLeftUntilItIsClosed) {
  Tmux tmux;
  const TempDir files;
  const TempDir runtime;
  Process::Options options = tmux.options();
  options.environment["XDG_RUNTIME_DIR"] = runtime.path();
  Server server({"--board", "--terminal", "tmux", "--name", "prof"}, files.path(), options);
  auto alice = visitor(server, "alice");
  ASSERT_TRUE(tmux.shows("desk", "1  alice"));
  const auto desk = [&](std::vector<std::string> words) {
    words.insert(words.begin(), {program("talk_desk"), std::to_string(server.port())});
    return Process(words, options).exit_code();
  };
  EXPECT_EQ(desk({"say", "1", "from the board"}), 0);
  EXPECT_TRUE(alice->hears_frame('T', "from the board"));
  EXPECT_TRUE(tmux.shows("talk 1", "<prof> from the board"));
  alice.reset();
  ASSERT_TRUE(tmux.shows("desk", "left"));
  EXPECT_EQ(desk({"say", "1", "too late"}), 5);
  EXPECT_EQ(desk({"say", "all", "too late"}), 0);
  EXPECT_TRUE(tmux.has_window("talk 1"));
  EXPECT_EQ(desk({"close", "1"}), 0);
  EXPECT_TRUE(wait_until([&] { return !tmux.has_window("talk 1"); }));
  EXPECT_TRUE(tmux.shows("desk", "nobody is here"));
}

}  // namespace
}  // namespace talk::test
