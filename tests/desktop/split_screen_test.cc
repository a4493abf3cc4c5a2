// The split screen as it is seen: captured from tmux, at the client and at the desk.
#include <gtest/gtest.h>

#include <regex>

#include "tests/support/screen_seat.h"

namespace talk::test {
namespace {

struct Place {
  bool client;
  int columns;
  int rows;
};

std::string name_of(const Place& place) {
  return std::string(place.client ? "client" : "desk") + "_" + std::to_string(place.columns) + "x" +
         std::to_string(place.rows);
}

void PrintTo(const Place& place, std::ostream* out) { *out << name_of(place); }

class SplitScreenAt : public ::testing::TestWithParam<Place> {
 protected:
  static SeatOptions options() { return {GetParam().client, GetParam().columns, GetParam().rows}; }
};

bool begins(const std::string& text, const std::string& part) { return text.starts_with(part); }

// Every row's words, with what was wrapped put together again.
std::string words_of(const Pane& screen) {
  std::string words;
  for (const std::string& row : screen.rows()) {
    const std::size_t start = row.find_first_not_of(' ');
    if (start != std::string::npos) words += row.substr(start) + " ";
  }
  return words;
}

TEST_P(SplitScreenAt, HasThreePartsEachInItsPlace) {
  ScreenSeat seat(options());
  seat.say("hello there");
  seat.screen().type("half a line");
  ASSERT_TRUE(seat.screen().row_is(-1, "> half a line")) << seat.screen().text();
  ASSERT_TRUE(seat.screen().shows("hello there")) << seat.screen().text();
  const std::vector<std::string> rows = seat.screen().rows();
  ASSERT_EQ(static_cast<int>(rows.size()), GetParam().rows);
  EXPECT_TRUE(begins(rows[rows.size() - 2], " " + seat.peer_name())) << seat.screen().text();
  EXPECT_EQ(seat.screen().value("#{cursor_x} #{cursor_y}"),
            "13 " + std::to_string(GetParam().rows - 1));
}

TEST_P(SplitScreenAt, KeepsTheUnsentLineAndEveryWordThroughEverySize) {
  ScreenSeat seat(options());
  seat.say("one two three four five six seven eight nine ten eleven twelve");
  seat.screen().type("not sent yet");
  ASSERT_TRUE(seat.screen().shows("not sent yet")) << seat.screen().text();
  for (const auto& [columns, rows] : {std::pair{20, 4}, {1, 1}, {2, 3}, {200, 60}, {7, 5}}) {
    seat.screen().resize(columns, rows);
    seat.say("size " + std::to_string(columns));
  }
  seat.screen().resize(40, 12);
  seat.screen().key("C-l");
  ASSERT_TRUE(seat.screen().row_is(-1, "> not sent yet")) << seat.screen().text();
  EXPECT_TRUE(wait_until([&] {
    return words_of(seat.screen()).find("eight nine ten eleven twelve") != std::string::npos;
  })) << seat.screen().text();
  seat.screen().key("Enter");
  EXPECT_TRUE(seat.peer().hears_frame('T', "not sent yet"));
}

INSTANTIATE_TEST_SUITE_P(, SplitScreenAt,
                         ::testing::Values(Place{true, 80, 24}, Place{true, 40, 10},
                                           Place{true, 20, 4}, Place{true, 200, 60},
                                           Place{false, 80, 24}, Place{false, 40, 10},
                                           Place{false, 20, 4}, Place{false, 200, 60}),
                         [](const auto& place) { return name_of(place.param); });

TEST(SplitScreen, WideAndJoinedCharactersTakeTheirPlaces) {
  ScreenSeat seat({});
  seat.say("\u65e5\u672c\u8a9e e\u0301 \U0001f44d end");
  EXPECT_TRUE(seat.screen().shows("\u65e5\u672c\u8a9e e\u0301 \U0001f44d end"))
      << seat.screen().text();
  seat.screen().type("\u65e5e\u0301x");
  EXPECT_TRUE(seat.screen().row_is(-1, "> \u65e5e\u0301x")) << seat.screen().text();
  EXPECT_EQ(seat.screen().value("#{cursor_x}"), "6");
  seat.screen().key("Left Left Left");
  EXPECT_TRUE(wait_until([&] { return seat.screen().value("#{cursor_x}") == "2"; }));
}

TEST(SplitScreen, LongWordsAndLinesAreWrappedBehindTheGutter) {
  ScreenSeat seat({true, 40, 10});
  seat.say(std::string(100, 'w') + " 09:30 -- ERROR: forged");
  ASSERT_TRUE(seat.screen().shows("forged")) << seat.screen().text();
  for (const std::string& row : seat.screen().rows())
    EXPECT_FALSE(row.starts_with("w") || row.starts_with("09:30 -- ERROR")) << row;
}

TEST(SplitScreen, NothingMovesWhileOneReadsBack) {
  ScreenSeat seat({});
  for (int i = 1; i <= 100; ++i) seat.say("line " + std::to_string(i) + ".");
  ASSERT_TRUE(seat.screen().shows("line 100."));
  seat.screen().key("PageUp");
  ASSERT_TRUE(wait_until([&] { return !seat.screen().shows("line 100.", milliseconds(0)); }));
  const std::vector<std::string> before = seat.screen().rows();
  for (int i = 1; i <= 14; ++i) seat.say("late " + std::to_string(i) + ".");
  EXPECT_TRUE(seat.screen().shows("14 new below")) << seat.screen().text();
  const std::vector<std::string> after = seat.screen().rows();
  EXPECT_TRUE(std::equal(before.begin(), before.begin() + 20, after.begin()));
  seat.screen().key("M->");
  EXPECT_TRUE(seat.screen().shows("late 14."));
  seat.screen().key("M-<");
  EXPECT_TRUE(seat.screen().shows("line 1."));
  seat.screen().key("PageDown");
  EXPECT_TRUE(seat.screen().shows("line 30.")) << seat.screen().text();
  seat.screen().key("M->");
  EXPECT_TRUE(seat.screen().shows("late 14."));
  seat.screen().send_bytes("\x1b[<64;10;5M");  // the wheel
  EXPECT_TRUE(wait_until([&] { return !seat.screen().shows("late 14.", milliseconds(0)); }));
  seat.screen().send_bytes("\x1b[<65;10;5M");
  EXPECT_TRUE(seat.screen().shows("late 14."));
}

TEST(SplitScreen, UnreadLinesAreMarkedCountedAndRung) {
  ScreenSeat seat({.environment = {{"LC_ALL", "C"}}});
  seat.screen().send_bytes("\x1b[I");  // somebody looks
  seat.say("seen");
  ASSERT_TRUE(seat.screen().shows("seen"));
  seat.screen().send_bytes("\x1b[O");  // the focus is gone
  seat.say("unseen 1");
  seat.say("unseen 2");
  EXPECT_TRUE(seat.screen().shows("- new -")) << seat.screen().text();
  EXPECT_TRUE(wait_until([&] { return seat.screen().value("#{pane_title}") == "prof (2) - talk"; }))
      << seat.screen().value("#{pane_title}");
  EXPECT_EQ(seat.screen().value("#{window_bell_flag}"), "1");
  seat.screen().send_bytes("\x1b[I");
  EXPECT_TRUE(wait_until([&] { return seat.screen().value("#{pane_title}") == "prof - talk"; }));
}

TEST(SplitScreen, FindsAndClears) {
  ScreenSeat seat({});
  seat.say("a needle here");
  for (int i = 1; i <= 100; ++i) seat.say("line " + std::to_string(i) + ".");
  ASSERT_TRUE(seat.screen().shows("line 100."));
  seat.screen().type("/find needle");
  seat.screen().key("Enter");
  EXPECT_TRUE(seat.screen().shows("a needle here")) << seat.screen().text();
  EXPECT_TRUE(seat.screen().shows("1 of 1 lines with \"needle\": Up older, Down newer, Esc ends"))
      << seat.screen().text();
  seat.screen().key("Escape");
  ASSERT_TRUE(seat.screen().shows(" prof (127.0.0.1)")) << seat.screen().text();
  seat.screen().type("/find line 9");
  seat.screen().key("Enter");
  EXPECT_TRUE(seat.screen().shows("1 of 11 lines")) << seat.screen().text();
  seat.screen().key("Up Up Down");
  EXPECT_TRUE(seat.screen().shows("2 of 11 lines")) << seat.screen().text();
  seat.screen().type("/find nothing like it");
  seat.screen().key("Enter");
  EXPECT_TRUE(seat.screen().shows("not found")) << seat.screen().text();
  seat.screen().type("/clear");
  seat.screen().key("Enter");
  EXPECT_TRUE(wait_until([&] { return !seat.screen().shows("line", milliseconds(0)); }));
}

TEST(SplitScreen, PastedLinesWaitForEnterAndAllArrive) {
  ScreenSeat seat({});
  std::string lines;
  for (int i = 1; i <= 500; ++i) lines += "pasted line " + std::to_string(i) + "\n";
  seat.screen().paste(lines + "/who");
  ASSERT_TRUE(seat.screen().row_is(-1, "/who")) << seat.screen().text();
  ASSERT_TRUE(seat.peer().is_answered());
  EXPECT_TRUE(seat.peer().texts().empty());
  EXPECT_TRUE(seat.screen().shows("501 lines: Enter sends them, ^U drops them"));
  seat.screen().key("Enter");
  ASSERT_TRUE(seat.peer().hears_frame('T', "/who"));
  const std::vector<std::string> texts = seat.peer().texts();
  ASSERT_EQ(texts.size(), 501u);
  for (std::size_t i = 0; i < 500; ++i) EXPECT_EQ(texts[i], "pasted line " + std::to_string(i + 1));
}

// Whether any row is in colour.
bool is_coloured(const Pane& screen) {
  static const std::regex kColour("\x1b\\[(?:\\d+;)*[349][0-8][;m]");
  for (const std::string& row : screen.rows(true))
    if (std::regex_search(row, kColour)) return true;
  return false;
}

TEST(SplitScreen, HelpNamesTheKeys) {
  ScreenSeat seat({.rows = 40});
  seat.screen().type("/help");
  seat.screen().key("Enter");
  for (const char* const part : {"/send PATH", "PageUp, wheel", "^U, ^Y"})
    EXPECT_TRUE(seat.screen().shows(part)) << seat.screen().text();
}

TEST(SplitScreen, IsInColourUnlessToldOtherwise) {
  const std::pair<std::map<std::string, std::string>, bool> cases[] = {
      {{{"TERM", "tmux-256color"}}, true},
      {{{"TERM", "screen"}}, true},
      {{{"TERM", "vt100"}}, false},
      {{{"NO_COLOR", "1"}}, false},
  };
  for (const auto& [environment, coloured] : cases) {
    ScreenSeat seat({true, 80, 24, environment});
    seat.say("hello");
    ASSERT_TRUE(seat.screen().shows("<prof> hello")) << seat.screen().text();
    EXPECT_EQ(is_coloured(seat.screen()), coloured) << environment.begin()->second;
  }
}

TEST(SplitScreen, ATerminalThatCannotCarryItIsTold) {
  for (const char* const term : {"dumb", "no-such-terminal"}) {
    ScreenSeat seat({true, 80, 24, {{"TERM", term}}});
    seat.say("hello");
    EXPECT_TRUE(seat.screen().shows("the screen is plain")) << seat.screen().text();
    EXPECT_TRUE(seat.screen().shows("<prof> hello")) << seat.screen().text();
  }
}

// The other side's last words vanished with the screen, and the reason with them.
TEST(SplitScreen, LeavesItsLastPageInTheTerminal) {
  ScreenSeat seat({.afterwards = "echo over; cat"});
  for (int i = 1; i <= 50; ++i) seat.say("line " + std::to_string(i) + ".");
  seat.say("\x1b[31mthe very last words");
  ASSERT_TRUE(seat.screen().shows("the very last words"));
  seat.screen().key("PageUp");  // wherever one was reading
  seat.peer().send(frame('B', "supper"));
  ASSERT_TRUE(seat.screen().shows("over")) << seat.screen().text();
  EXPECT_EQ(seat.screen().value("#{alternate_on}"), "0");
  const std::string text = seat.screen().text();
  for (const char* const part : {"line 50.", "^[[31mthe very last words", "has left: \"supper\""})
    EXPECT_NE(text.find(part), std::string::npos) << part << text;
  EXPECT_EQ(text.find("/help"), std::string::npos) << "the status line is no part of the talk";
}

// A peer that reads nothing: what was typed for it waits, and the keys work on.
TEST(SplitScreen, KeysWorkWhileThePeerTakesNothing) {
  ScreenSeat seat({});
  const std::string page(60'000, 'p');
  bool full = false;
  for (int i = 0; i < 200 && !full; ++i) {
    seat.screen().paste(page);
    seat.screen().key("Enter");
    full = seat.screen().shows("not sent yet", milliseconds(0));
  }
  ASSERT_TRUE(full || seat.screen().shows("not sent yet")) << seat.screen().text();
  seat.screen().key("C-u C-u C-k");
  seat.screen().type("kept");
  ASSERT_TRUE(seat.screen().shows("kept")) << seat.screen().text();
  seat.screen().key("C-a C-k PageUp C-c C-c C-c");
  EXPECT_TRUE(wait_until([&] { return seat.screen().value("#{alternate_on}") == "0"; }))
      << seat.screen().text();
}

// A window at the desk took the focus in the middle of a password.
TEST(SplitScreen, AWindowThatOpensTakesNothingThatIsTypedMeanwhile) {
  ScreenSeat seat({.client = false, .waits_for_prompt = false});
  seat.screen().type("hunter2");
  seat.screen().key("Enter");
  seat.screen().type("and more");
  EXPECT_TRUE(seat.screen().shows("^Y brings it back")) << seat.screen().text();
  EXPECT_TRUE(seat.screen().row_is(-1, ">")) << seat.screen().text();
  seat.screen().type("hello");
  seat.screen().key("Enter");
  EXPECT_TRUE(seat.peer().hears_frame('T', "hello"));
  EXPECT_EQ(seat.peer().texts(), std::vector<std::string>{"hello"});
  seat.screen().key("C-y");
  EXPECT_TRUE(seat.screen().shows("2 lines: Enter sends them")) << seat.screen().text();
}

TEST(SplitScreen, AnEndedTalkTakesNoWordsAndKeepsWhatWasHalfTyped) {
  ScreenSeat seat({.client = false});
  seat.screen().type("half a sentence");
  ASSERT_TRUE(seat.screen().row_is(-1, "> half a sentence"));
  seat.peer().send(frame('B', ""));
  ASSERT_TRUE(seat.screen().shows("left: Enter twice, Esc or q closes")) << seat.screen().text();
  EXPECT_TRUE(seat.screen().row_is(-1, "half a sentence")) << seat.screen().text();
  EXPECT_NE(seat.screen().value("#{pane_title}").find("1 alice (left) "), std::string::npos)
      << seat.screen().value("#{pane_title}");
  seat.screen().type("more of it");
  EXPECT_TRUE(seat.screen().shows("not sent: \"more of it\"")) << seat.screen().text();
  seat.screen().key("Escape");
  EXPECT_TRUE(wait_until([&] { return !seat.screen().shows("half", milliseconds(0)); }));
}

TEST(SplitScreen, NothingIsMarkedWhereNothingWasMissed) {
  ScreenSeat seat({});
  seat.screen().send_bytes("\x1b[I\x1b[O\x1b[I");
  seat.say("while somebody looks");
  ASSERT_TRUE(seat.screen().shows("while somebody looks"));
  EXPECT_FALSE(seat.screen().shows("- new -", milliseconds(0))) << seat.screen().text();
}

}  // namespace
}  // namespace talk::test
