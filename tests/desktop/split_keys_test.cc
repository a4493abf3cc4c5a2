// Every key of the split screen, and how the terminal is given back.
#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>
#include <fstream>

#include "tests/support/screen_seat.h"

namespace talk::test {
namespace {

TEST(SplitKeys, EditTheLine) {
  struct Case {
    const char* keys;  // after "one two three", the cursor at its end
    const char* line;
  };
  const Case cases[] = {
      {"BSpace", "one two thre"},
      {"C-h", "one two thre"},
      {"Left DC", "one two thre"},
      {"Home DC", "ne two three"},
      {"C-a C-d", "ne two three"},
      {"C-a C-f C-d", "oe two three"},
      {"Home End BSpace", "one two thre"},
      {"C-a C-e BSpace", "one two thre"},
      {"C-b C-d", "one two thre"},
      {"C-a Right Right C-k", "on"},
      {"C-w", "one two"},
      {"C-w C-w C-y", "one two three"},
      {"C-u", ""},
      {"C-u C-y C-y", "one two threeone two three"},
      {"Left Left C-t", "one two there"},
      {"M-b C-k", "one two"},
      {"C-a M-f C-k", "one"},
      {"C-a M-d", " two three"},
      {"M-BSpace", "one two"},
      {"C-Left C-Left C-k", "one"},
      {"C-a C-Right C-k", "one"},
      {"C-w C-_", "one two three"},
  };
  ScreenSeat seat({});
  for (const Case& c : cases) {
    seat.screen().key("C-e C-u");
    seat.screen().type("one two three");
    ASSERT_TRUE(seat.screen().row_is(-1, "> one two three")) << c.keys << seat.screen().text();
    seat.screen().key(c.keys);
    const std::string line = std::string(">") + (*c.line == '\0' ? "" : " ") + c.line;
    EXPECT_TRUE(seat.screen().row_is(-1, line, seconds(5))) << c.keys << seat.screen().text();
  }
}

TEST(SplitKeys, GoThroughTheHistoryAndKeepTheUnsentLine) {
  ScreenSeat seat({});
  for (const char* const line : {"first", "second", "third"}) {
    seat.screen().type(line);
    seat.screen().key("Enter");
  }
  ASSERT_TRUE(seat.peer().hears_frame('T', "third"));
  seat.screen().type("unsent");
  const std::pair<const char*, const char*> steps[] = {
      {"Up", "> third"},    {"C-p", "> second"}, {"Up", "> first"},    {"Up", "> first"},
      {"Down", "> second"}, {"C-n", "> third"},  {"Down", "> unsent"}, {"Down", "> unsent"},
  };
  for (const auto& [key, line] : steps) {
    seat.screen().key(key);
    EXPECT_TRUE(seat.screen().row_is(-1, line, seconds(5))) << key << seat.screen().text();
  }
  seat.screen().key("C-u C-r");
  seat.screen().type("sec");
  EXPECT_TRUE(seat.screen().shows("second")) << seat.screen().text();
  seat.screen().key("Enter");
  EXPECT_TRUE(seat.screen().row_is(-1, "> second", seconds(5))) << seat.screen().text();
}

TEST(SplitKeys, TabCompletesCommandsAndFiles) {
  ScreenSeat seat({});
  std::filesystem::create_directory(seat.directory() / "some place");
  std::ofstream(seat.directory() / "some place/notes final.txt") << "x";
  seat.screen().type("/se");
  seat.screen().key("Tab");
  ASSERT_TRUE(seat.screen().row_is(-1, "> /send")) << seat.screen().text();
  seat.screen().type("so");
  seat.screen().key("Tab");
  ASSERT_TRUE(seat.screen().row_is(-1, "> /send some\\ place/")) << seat.screen().text();
  seat.screen().key("Tab");
  ASSERT_TRUE(seat.screen().row_is(-1, "> /send some\\ place/notes\\ final.txt"))
      << seat.screen().text();
  seat.screen().key("Enter");
  EXPECT_TRUE(seat.peer().hears_frame('O', "notes final.txt"));
}

TEST(SplitKeys, AnIncomingLineLeavesTheUnsentOneAlone) {
  ScreenSeat seat({});
  seat.screen().type("half a li");
  ASSERT_TRUE(seat.screen().row_is(-1, "> half a li"));
  seat.say("meanwhile");
  ASSERT_TRUE(seat.screen().shows("meanwhile"));
  seat.screen().key("C-l");
  seat.screen().type("ne");
  EXPECT_TRUE(seat.screen().row_is(-1, "> half a line")) << seat.screen().text();
}

TEST(SplitKeys, AnUnknownCommandIsAnErrorAndNeverSent) {
  ScreenSeat seat({});
  seat.screen().type("/sned file");
  seat.screen().key("Enter");
  EXPECT_TRUE(seat.screen().shows("-!- unknown command")) << seat.screen().text();
  seat.screen().type("//etc is a directory");
  seat.screen().key("Enter");
  ASSERT_TRUE(seat.peer().hears_frame('T', "/etc is a directory"));
  EXPECT_EQ(seat.peer().texts(), std::vector<std::string>{"/etc is a directory"});
}

// What the shell finds when the client has ended.
constexpr const char* kLookAround = "echo code=$?; stty -a; echo over; cat";

// The terminal is as it was: its modes, its other screen, its cursor, and no mode for paste, focus
// or mouse is left behind.
void expect_given_back(const Pane& screen) {
  ASSERT_TRUE(screen.shows("over")) << screen.text();
  const std::string text = screen.text();
  for (const char* const mode : {"-icanon", "-echo ", "-isig", "-icrnl", "-ixon "})
    EXPECT_EQ(text.find(mode), std::string::npos) << mode << text;
  EXPECT_EQ(screen.value("#{alternate_on} #{mouse_any_flag} #{cursor_flag}"), "0 0 1");
}

TEST(SplitEnds, ControlDOnAnEmptyLineSaysBye) {
  ScreenSeat seat({.afterwards = kLookAround});
  seat.screen().key("C-d");
  EXPECT_TRUE(seat.peer().hears_frame('B'));
  seat.peer().send(frame('B', ""));
  seat.peer().half_close();
  expect_given_back(seat.screen());
  EXPECT_TRUE(seat.screen().shows("code=0"));
}

TEST(SplitEnds, ControlCDropsTheLineAndAsksBeforeItLeaves) {
  ScreenSeat seat({.afterwards = kLookAround});
  seat.screen().type("never mind");
  seat.screen().key("C-c");
  ASSERT_TRUE(seat.screen().row_is(-1, ">")) << seat.screen().text();
  seat.screen().key("C-c");
  ASSERT_TRUE(seat.screen().shows("^C again")) << seat.screen().text();
  seat.screen().key("x BSpace C-c");
  ASSERT_TRUE(seat.screen().shows("^C again")) << seat.screen().text();
  seat.screen().key("C-c");
  expect_given_back(seat.screen());
}

// The rest of the sentence was a command to the shell.
TEST(SplitEnds, WhatIsTypedOnWhileTheOtherLeavesIsNotForTheShell) {
  for (const char* const screen : {"--split", "--plain", "--lines"}) {
    ScreenSeat seat({.arguments = screen, .afterwards = "echo over; cat"});
    seat.screen().type("half a line, ");
    ASSERT_TRUE(seat.screen().shows("half a line")) << screen << seat.screen().text();
    seat.peer().send(frame('B', ""));
    ASSERT_TRUE(seat.peer().hears_frame('B'));
    seat.screen().type("and the rest");
    seat.screen().key("Enter");
    ASSERT_TRUE(seat.screen().shows("\nover\n")) << screen << seat.screen().text();
    seat.screen().type("for the shell");
    EXPECT_TRUE(seat.screen().shows("\nover\nfor the shell")) << screen << seat.screen().text();
    EXPECT_TRUE(seat.screen().shows("-- not sent: \"half a line, and the rest"))
        << screen << seat.screen().text();
  }
}

TEST(SplitEnds, TheLinkBreaks) {
  ScreenSeat seat({.afterwards = kLookAround});
  seat.peer().reset();
  expect_given_back(seat.screen());
  EXPECT_TRUE(seat.screen().shows("code=4")) << seat.screen().text();
  EXPECT_TRUE(seat.screen().shows("ERROR: ")) << seat.screen().text();
}

// The client is the only child of the shell that wrote down its own number.
pid_t client_of(const ScreenSeat& seat) {
  std::ifstream shell(seat.directory() / "shell");
  pid_t parent = 0;
  shell >> parent;
  std::ifstream children("/proc/" + std::to_string(parent) + "/task/" + std::to_string(parent) +
                         "/children");
  pid_t child = 0;
  children >> child;
  return child;
}

TEST(SplitEnds, SignalsAndCrashes) {
  for (const int signal : {SIGTERM, SIGINT, SIGSEGV, SIGABRT, SIGFPE, SIGBUS}) {
    ScreenSeat seat({.afterwards = kLookAround});
    const pid_t client = client_of(seat);
    ASSERT_GT(client, 1);
    ::kill(client, signal);
    expect_given_back(seat.screen());
    EXPECT_TRUE(seat.screen().shows("code=" + std::to_string(128 + signal)))
        << signal << seat.screen().text();
  }
}

TEST(SplitEnds, ControlZSuspendsAndComesBackClean) {
  ScreenSeat seat({.afterwards = "echo stopped; stty -a | grep -o -w -e -icanon -e icanon; "
                                 "cat >/dev/null; true",
                   .job_control = true});
  seat.screen().type("before");
  ASSERT_TRUE(seat.screen().row_is(-1, "> before"));
  seat.screen().key("C-z");
  ASSERT_TRUE(seat.screen().shows("stopped")) << seat.screen().text();
  EXPECT_TRUE(seat.screen().shows("icanon")) << seat.screen().text();
  EXPECT_FALSE(seat.screen().shows("-icanon", milliseconds(0))) << seat.screen().text();
  EXPECT_EQ(seat.screen().value("#{alternate_on}"), "0");
  seat.screen().key("C-d");  // the cat ends, and the shell fetches the client back
  ASSERT_TRUE(seat.screen().row_is(-1, "> before")) << seat.screen().text();
  seat.screen().type(" and after");
  seat.screen().key("Enter");
  EXPECT_TRUE(seat.peer().hears_frame('T', "before and after"));
}

}  // namespace
}  // namespace talk::test
