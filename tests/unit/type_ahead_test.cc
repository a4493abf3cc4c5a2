// What is typed before a window is ready for it, and behind the end of a talk.
#include "common/screen/type_ahead.h"

#include <gtest/gtest.h>

namespace talk {
namespace {

using Code = Key::Code;
using Turn = ClosingKeys::Turn;

const Time kOpened = Time{} + seconds(1000);
Time after(int ms) { return kOpened + milliseconds(ms); }
Key text(const std::string& characters) { return {Code::text, characters}; }

// The person's side of it as a table: what is typed when, and what the window takes as meant for
// it. In `typed` a letter is a key, `.` is Enter, `Y` is ^Y and `!` a turn to the window by the
// person.
enum class Came { open, open_while_typing, given };
struct Row {
  const char* story;
  Came came;
  const char* typed;
  std::vector<int> at;  // of each, in ms after the keyboard came
  std::string taken;    // by the line; the rest was kept
};

std::string taken(const Row& row) {
  TypeAhead ahead;
  if (row.came == Came::given)
    ahead.keyboard_given(after(0));
  else
    ahead.window_opened(after(0), row.came == Came::open_while_typing);
  std::string line;
  for (std::size_t i = 0; i < row.at.size(); ++i) {
    if (i == 0 || row.at[i] - row.at[i - 1] > 20) ahead.turn(false, after(row.at[i] - 10));
    const char letter = row.typed[i];
    const Key key = letter == '.'   ? Key{Code::enter}
                    : letter == 'Y' ? Key{Code::control, {}, 'Y'}
                                    : text(std::string(1, letter));
    if (letter == '!') {
      ahead.person_turned();
      continue;
    }
    if (ahead.is_taken_back_by(key)) ahead.take();
    if (ahead.keeping())
      ahead.keep(key);
    else
      line += letter;
    ahead.turn(true, after(row.at[i]));
  }
  return line;
}

TEST(TypeAhead, TakesWhatIsMeantForIt) {
  const Row rows[] = {
      {"a newcomer sees it open", Came::open, "hi.", {1100, 1200, 1300}, "hi."},
      {"and an hour later", Came::open, "hi.", {3'600'000, 3'600'100, 3'600'200}, "hi."},
      {"typed on as it opened", Came::open, "ab.c", {500, 900, 950, 990}, ""},
      {"with a pause of a second", Came::open, "ab.c", {500, 2000, 2100, 2300}, ""},
      {"and then something new", Came::open, "ab.c", {500, 2000, 2100, 2700}, "c"},
      {"one stray key, long ago", Came::open, "ab.", {500, 10'600, 10'700}, "b."},
      {"half a line elsewhere, a pause in the rest",
       Came::open_while_typing,
       "ab.",
       {300, 1800, 1900},
       ""},
      {"and a pause before it", Came::open_while_typing, "ab.", {60'000, 120'000, 240'000}, ""},
      {"and then something new",
       Came::open_while_typing,
       "ab.c",
       {60'000, 61'000, 62'000, 62'600},
       "c"},
      {"the Enter of what stands there",
       Came::open_while_typing,
       ".ab.c",
       {2000, 4000, 5000, 6000, 7000},
       "c"},
      {"a click", Came::open_while_typing, "a!b.", {2000, 3000, 3100, 3200}, "b."},
      {"taken back", Came::open_while_typing, "aYb", {2000, 3000, 3100}, "Yb"},
      {"another closed", Came::given, "ab.c", {1000, 3000, 3100, 3700}, "c"},
      {"and long ago", Came::given, "ab.", {10'100, 10'200, 10'300}, "ab."},
      {"the person turns to it", Came::given, "!ab.", {500, 1000, 1100, 1200}, "ab."},
  };
  for (const Row& row : rows) EXPECT_EQ(taken(row), row.taken) << row.story;
}

// The program was busy for two seconds, and what had been typed meanwhile counted as typed late.
TEST(TypeAhead, KeysThatWaitedToBeReadWereTypedBefore) {
  TypeAhead ahead;
  ahead.window_opened(kOpened);
  ahead.keep(text("x"));
  EXPECT_FALSE(ahead.turn(true, after(5000)));
  EXPECT_TRUE(ahead.keeping());
  EXPECT_EQ(ahead.due(), after(15'000));
  EXPECT_FALSE(ahead.turn(false, after(14'999)));
  EXPECT_TRUE(ahead.turn(false, after(15'000)));
}

// What was kept before a click was never told.
TEST(TypeAhead, TheEndOfKeepingIsToldOnceHoweverItCame) {
  TypeAhead ahead;
  ahead.window_opened(kOpened, true);
  EXPECT_FALSE(ahead.turn(false, after(1000)));
  ahead.keep(text("x"));
  EXPECT_FALSE(ahead.turn(true, after(2000)));
  EXPECT_EQ(ahead.due(), std::nullopt);
  ahead.person_turned();
  EXPECT_TRUE(ahead.turn(false, after(3000)));
  EXPECT_FALSE(ahead.turn(false, after(3000)));
  EXPECT_EQ(ahead.take(), "x");
}

TEST(TypeAhead, SaysWhatItDoes) {
  TypeAhead ahead;
  ahead.window_opened(kOpened);
  EXPECT_STREQ(ahead.hint(), "") << "a newcomer need not know";
  ahead.window_opened(kOpened, true);
  EXPECT_STREQ(ahead.hint(), kGoesElsewhere);
  ahead.keep(text("x"));
  EXPECT_STREQ(ahead.hint(), kIsKept);
  EXPECT_EQ(ahead.talk_ended(), "x");
  ahead.keyboard_given(after(5000));
  EXPECT_STREQ(ahead.hint(), "") << "nothing is sent any more";
}

TEST(TypeAhead, AWindowOfOnesOwnKeepsNothing) { EXPECT_FALSE(TypeAhead().keeping()); }

TEST(TypeAhead, KeepsWhatWasMeant) {
  TypeAhead ahead;
  ahead.window_opened(kOpened);
  for (const Key& key : {text("hunter3"), Key{Code::backspace}, text("2"), Key{Code::enter},
                         text("more"), Key{Code::enter}})
    ahead.keep(key);
  EXPECT_FALSE(ahead.empty());
  EXPECT_EQ(ahead.take(), "hunter2\nmore");
  EXPECT_TRUE(ahead.empty());
}

TEST(Turns, WhatTheManagerGivesIsNoActOfThePersons) {
  Turns turns;
  EXPECT_FALSE(turns.was_given(after(0)) || turns.is_opening(after(0)));
  turns.window_opened(after(0));
  EXPECT_TRUE(turns.is_opening(after(1999)));
  EXPECT_FALSE(turns.is_opening(after(2000)) || turns.was_given(after(1000)));
  turns.another_closed(after(5000));
  EXPECT_TRUE(turns.was_given(after(6999)));
  EXPECT_FALSE(turns.was_given(after(7000)));
}

TEST(Turns, WithoutWordOfTheFocusTheFirstKeysBehindAnEndMayBeMeantForIt) {
  Turns turns;
  EXPECT_FALSE(turns.another_has_closed(after(100), after(0)));
  turns.another_closed(after(1000));
  EXPECT_TRUE(turns.another_has_closed(after(1100), after(900)));
  EXPECT_FALSE(turns.another_has_closed(after(1200), after(1100)));
  EXPECT_FALSE(turns.another_has_closed(after(6000), after(900)));
}

class EndedTalk : public ::testing::Test {
 protected:
  EndedTalk() { keys_.talk_ended(kOpened, false); }
  Turn press(const Key& key, int at) {
    keys_.press(key);
    return keys_.turn(true, after(at));
  }
  ClosingKeys keys_;
};

TEST_F(EndedTalk, IsClosedByAKeyThatStandsAlone) {
  for (const Key& key : {Key{Code::enter}, Key{Code::escape}, text("q")}) {
    ClosingKeys keys;
    keys.talk_ended(kOpened, false);
    EXPECT_EQ(keys.turn(false, after(1000)), Turn::ready);
    keys.press(key);
    EXPECT_EQ(keys.turn(true, after(2000)), Turn::nothing);
    EXPECT_EQ(keys.turn(false, after(2499)), Turn::nothing);
    EXPECT_EQ(keys.turn(false, after(2500)), Turn::close);
  }
}

TEST_F(EndedTalk, IsNotClosedByWhatWasTypedBeforeItWasSeen) {
  press({Code::enter}, 900);
  EXPECT_FALSE(keys_.ready());
  EXPECT_EQ(keys_.turn(false, after(1400)), Turn::ready);
  EXPECT_EQ(keys_.turn(false, after(9000)), Turn::nothing);
}

TEST_F(EndedTalk, IsNotClosedByALetterOfAWord) {
  keys_.turn(false, after(1000));
  press(text("q"), 2000);
  press(text("uick"), 2400);
  EXPECT_EQ(keys_.turn(false, after(9000)), Turn::nothing);
  EXPECT_EQ(keys_.not_sent(), "quick");
  press(text("q"), 10'000);
  EXPECT_EQ(keys_.turn(false, after(10'500)), Turn::close);
}

// Meant as "send", it closed the window, dropped the line and gave the keyboard to the next.
TEST_F(EndedTalk, TheEnterOfALineThatWasBegunClosesNothing) {
  for (const bool before : {true, false}) {
    ClosingKeys keys;
    keys.talk_ended(kOpened, before);
    keys.turn(false, after(1000));
    if (!before) {
      keys.press(text("words"));
      keys.turn(true, after(2000));
    }
    EXPECT_STREQ(keys.how_to_close(), "Enter twice, Esc or q closes");
    keys.press({Code::enter});
    keys.turn(true, after(3000));
    EXPECT_EQ(keys.turn(false, after(9000)), Turn::nothing);
    EXPECT_STREQ(keys.how_to_close(), "Enter, Esc or q closes");
    keys.press({Code::enter});
    keys.turn(true, after(10'000));
    EXPECT_EQ(keys.turn(false, after(10'500)), Turn::close);
  }
}

TEST_F(EndedTalk, OtherKeysAreNamed) {
  keys_.add_not_sent("half ");
  press(text("words"), 10);
  press({Code::control, {}, 'A'}, 20);
  EXPECT_EQ(keys_.not_sent(), "half words");
  press(text(std::string(2000, 'x') + "\u65e5"), 30);
  EXPECT_LE(keys_.not_sent().size(), 1000u);
  EXPECT_LE(keys_.not_sent_lately().size(), 30u);
  EXPECT_TRUE(keys_.not_sent_lately().ends_with("x\u65e5"));
}

}  // namespace
}  // namespace talk
