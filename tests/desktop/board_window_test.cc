// The board and the windows of a desktop: what is raised, what opens, and what nobody may do.
#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>
#include <memory>

#include "tests/support/desktop.h"
#include "tests/support/pane.h"
#include "tests/support/process.h"
#include "tests/support/temp_dir.h"
#include "tests/support/visitor.h"

namespace talk::test {
namespace {

class BoardOnADesktop : public testing::Test {
 protected:
  Process::Options options() const {
    Process::Options options = desktop.options();
    options.environment["XDG_RUNTIME_DIR"] = runtime.path();
    return options;
  }
  // xwininfo's tree has what lies on top first.
  std::string tree() {
    Process tool({"xwininfo", "-root", "-tree", "-display", desktop.display()});
    tool.exit_code();
    return tool.out();
  }
  bool lies_above(const std::string& one, const std::string& other) {
    const std::string windows = tree();
    return windows.find(one) < windows.find(other);
  }

  Desktop desktop;
  TempDir runtime;
  TempDir files;
};

TEST_F(BoardOnADesktop, RaisesTheWindowThatIsChosen) {
  Server server({"--terminal", "xterm"}, files.path(), options());
  const auto alice = visitor(server, "alice");
  ASSERT_TRUE(wait_until([&] { return tree().find("alice") != std::string::npos; }));
  const auto bob = visitor(server, "bob");
  ASSERT_TRUE(wait_until([&] { return tree().find("bob") != std::string::npos; }));
  ASSERT_TRUE(lies_above("bob", "alice")) << tree();
  Process raise({program("talk_desk"), std::to_string(server.port()), "raise", "1"}, options());
  EXPECT_EQ(raise.exit_code(), 0) << raise.err();
  EXPECT_TRUE(wait_until([&] { return lies_above("alice", "bob"); })) << tree();
}

// A window that was raised need not have the keyboard: a sentence for it began a word to everybody.
TEST_F(BoardOnADesktop, WhatIsTypedForARaisedWindowIsNoCommand) {
  Server server({"--terminal", "xterm"}, files.path(), options());
  const auto alice = visitor(server, "alice");
  Pane board(100, 24, program("talk_desk") + " " + std::to_string(server.port()),
             {{"XDG_RUNTIME_DIR", runtime.path()}, {"LC_ALL", "C.UTF-8"}});
  ASSERT_TRUE(board.shows("> 1  alice"));
  board.key("Enter");
  ASSERT_TRUE(board.shows("raised"));
  board.type("a secret");
  EXPECT_TRUE(board.shows("keys come here: click"));
  board.key("Enter");
  EXPECT_TRUE(board.shows("raised"));
  board.type("a");
  EXPECT_TRUE(board.shows("keys come here: click"));
  board.key("Down");
  board.type("a");
  EXPECT_TRUE(board.shows("say to all (1):"));
}

// From a script it gave the keyboard to nobody, and said nothing.
TEST_F(BoardOnADesktop, ARaisedWindowHasTheKeyboardUnderEachManager) {
  for (const char* const name : {"openbox", "icewm", "twm"}) {
    const auto manager = desktop.manage(name);
    Server server({"--terminal", "xterm"}, files.path(), options());
    const auto alice = visitor(server, "alice");
    const auto bob = visitor(server, "bob");
    const auto window = desktop.window_of(server.session_process(1));
    ASSERT_TRUE(desktop.shows(window, "\n>") &&
                desktop.shows(desktop.window_of(server.session_process(2)), "\n>"));
    Process::Options minimize = options();
    EXPECT_EQ(Process({"xdotool", "windowminimize", window}, minimize).exit_code(), 0);
    for (const auto& [number, words] : {std::pair("1", "to the first"), {"2", "to the second"}}) {
      Process raise({program("talk_desk"), std::to_string(server.port()), "raise", number},
                    options());
      EXPECT_EQ(raise.exit_code(), 0) << name << raise.err();
      desktop.type_blindly(std::string(words) + "\n", milliseconds(1));
      EXPECT_TRUE((number == std::string("1") ? alice : bob)->hears_frame('T', words))
          << name << number;
    }
  }
}

TEST_F(BoardOnADesktop, AWindowOfAnotherDisplayIsSaidToBeUnknown) {
  Server server({"--terminal", "xterm"}, files.path(), options());
  const auto alice = visitor(server, "alice");
  Desktop other;
  for (const std::string& display : {other.display(), std::string()}) {
    Process::Options elsewhere = options();
    elsewhere.environment["DISPLAY"] = display;
    Process raise({program("talk_desk"), std::to_string(server.port()), "raise", "1"}, elsewhere);
    EXPECT_EQ(raise.exit_code(), 5) << raise.err();
    EXPECT_TRUE(raise.err().starts_with("ERROR: session 1: its window ")) << raise.err();
  }
}

// Of a killed server and the next one there were two windows of one name.
TEST_F(BoardOnADesktop, WindowsOfAKilledServerSayThatItIsGone) {
  auto first = std::make_unique<Server>(std::vector<std::string>{"--terminal", "xterm"},
                                        files.path(), options());
  const std::string port = std::to_string(first->port());
  const auto alice = visitor(*first, "alice");
  ASSERT_TRUE(wait_until([&] { return tree().find("\"1 alice ") != std::string::npos; }));
  first->process().signal(SIGKILL);
  ASSERT_TRUE(first->process().exit_code());
  Process second({program("talk_server"), "--terminal", "none", port, files.path()}, options());
  ASSERT_TRUE(second.says("listening on"));
  EXPECT_TRUE(wait_until([&] { return tree().find("talk (server gone)\"") != std::string::npos; }))
      << tree();
  EXPECT_TRUE(alice->is_answered());
}

TEST_F(BoardOnADesktop, OpensInAWindowOfItsOwn) {
  Server server({"--terminal", "xterm", "--board"}, files.path(), options());
  ASSERT_TRUE(wait_until([&] { return desktop.count_windows() == 1; }));
  EXPECT_TRUE(wait_until([&] { return tree().find("\"desk ") != std::string::npos; })) << tree();
}

// Words that got past every filter must not move, hide, resize or read a window.
TEST_F(BoardOnADesktop, NothingElseMayBeDoneToAWindow) {
  const std::string handler = write_script(files / "handler", R"(#!/bin/bash
exec <&1 3>done.new
stty raw -echo min 0 time 10
printf '\e[8;5;20t\e[4;90;90t\e[3;300;300t\e[9;1t\e[10;1t\e[2t\e[6t'
printf '\e[13t\e[14t\e[18t\e[19t\e[20t\e[21t\e]52;c;?\a\e[30t'
answer=$(head -c 100 | tr -d '\e')
stty size >&3
echo "answer:$answer." >&3
mv done.new done
sleep 100
)");
  Process::Options process = options();
  process.directory = files.path();
  Server server({"--terminal", "xterm", "--handler", handler}, files.path(), process);
  Peer caller(server.port());
  ASSERT_TRUE(wait_until([&] { return std::filesystem::exists(files / "done"); }));
  EXPECT_EQ(read_file(files / "done"), "24 80\nanswer:.\n");
  EXPECT_NE(tree().find("+0+0"), std::string::npos) << tree();
}

TEST(BoardOption, NeedsAWindow) {
  Process server({program("talk_server"), "--terminal", "none", "--board", "0"});
  EXPECT_EQ(server.exit_code(), 2);
  EXPECT_TRUE(server.complains("ERROR: --board needs a window"));
}

}  // namespace
}  // namespace talk::test
