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

TEST(TypeAhead, WaitsForAnAgeAndAPause) {
  struct Case {
    std::vector<int> keys;  // when, in ms after the opening
    int opens;              // when it takes words
  };
  const Case cases[] = {{{}, 1000},    {{100}, 1000},       {{600}, 1100},
                        {{999}, 1499}, {{900, 1300}, 1800}, {{0, 450, 900}, 1400}};
  for (const Case& c : cases) {
    TypeAhead ahead;
    ahead.window_opened(kOpened);
    for (const int at : c.keys) EXPECT_FALSE(ahead.turn(true, after(at)));
    EXPECT_FALSE(ahead.turn(false, after(c.opens - 1))) << c.opens;
    EXPECT_TRUE(ahead.keeping());
    EXPECT_EQ(ahead.due(), after(c.opens));
    EXPECT_TRUE(ahead.turn(false, after(c.opens))) << c.opens;
    EXPECT_FALSE(ahead.keeping());
  }
}

// The program was busy for two seconds, and what had been typed meanwhile counted as typed late.
TEST(TypeAhead, KeysThatWaitedToBeReadWereTypedBefore) {
  TypeAhead ahead;
  ahead.window_opened(kOpened);
  EXPECT_FALSE(ahead.turn(true, after(5000)));
  EXPECT_TRUE(ahead.keeping());
  EXPECT_FALSE(ahead.turn(false, after(5499)));
  EXPECT_TRUE(ahead.turn(false, after(5500)));
}

// A pause for thought of more than a second, and the rest of the sentence went to a stranger.
TEST(TypeAhead, TheFirstWordsAreKeptWhereTheyWereBegunElsewhere) {
  TypeAhead ahead;
  ahead.window_opened(kOpened, true);
  EXPECT_FALSE(ahead.turn(false, after(1000)));
  EXPECT_TRUE(ahead.keeping());
  EXPECT_EQ(ahead.due(), std::nullopt);
  EXPECT_FALSE(ahead.turn(true, after(60'000)));
  EXPECT_FALSE(ahead.turn(true, after(60'300)));
  EXPECT_FALSE(ahead.turn(false, after(60'799)));
  EXPECT_TRUE(ahead.keeping());
  EXPECT_TRUE(ahead.turn(false, after(60'800)));
  EXPECT_FALSE(ahead.keeping());
}

TEST(TypeAhead, AWindowThatIsChosenTakesWords) {
  TypeAhead ahead;
  ahead.window_opened(kOpened, true);
  ahead.window_chosen();  // as it opens, by the window manager
  ahead.turn(false, after(1000));
  EXPECT_TRUE(ahead.keeping());
  ahead.window_chosen();
  EXPECT_FALSE(ahead.keeping());
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

class EndedTalk : public ::testing::Test {
 protected:
  EndedTalk() { keys_.talk_ended(kOpened); }
  Turn press(const Key& key, int at) {
    keys_.press(key);
    return keys_.turn(true, after(at));
  }
  ClosingKeys keys_;
};

TEST_F(EndedTalk, IsClosedByAKeyThatStandsAlone) {
  for (const Key& key : {Key{Code::enter}, Key{Code::escape}, text("q")}) {
    ClosingKeys keys;
    keys.talk_ended(kOpened);
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
