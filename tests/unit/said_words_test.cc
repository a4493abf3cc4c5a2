// What is known of words that were said: by acknowledgements, and by pings behind them.
#include "common/session/said_words.h"

#include <gtest/gtest.h>

namespace talk {
namespace {

const Time kNow{seconds(100)};

TEST(SaidWords, AreKeptOnlyForAPeerThatSaysWhatItHasHeard) {
  SaidWords words;
  words.said({"unacknowledged"});
  EXPECT_EQ(words.count(), 1u);
  EXPECT_TRUE(words.all_heard());

  words.set_acknowledged(true);
  words.said({"acknowledged"});
  EXPECT_EQ(words.count(), 1u);
  EXPECT_FALSE(words.all_heard());
  EXPECT_TRUE(words.heard(1));
  EXPECT_TRUE(words.all_heard());
}

TEST(SaidWords, AreInDoubtUntilAPingBehindThemComesBack) {
  const struct {
    const char* what;
    bool acknowledged;
    int before_the_ping;
    int behind_it;
    bool answered;
    bool in_doubt;
  } rows[] = {
      {"nothing said", false, 0, 0, false, false},
      {"no ping", false, 1, 0, false, true},
      {"all read", false, 2, 0, true, false},
      {"one more said since", false, 2, 1, true, true},
      {"another ping's answer", false, 2, 0, false, true},
      {"the peer's own word counts", true, 2, 1, false, false},
  };
  for (const auto& row : rows) {
    SaidWords words;
    words.set_acknowledged(row.acknowledged);
    for (int i = 0; i < row.before_the_ping; ++i) words.said({"word"});
    words.pinged("ping");
    for (int i = 0; i < row.behind_it; ++i) words.said({"word"});
    words.pong(row.answered ? "ping" : "another", kNow);
    EXPECT_EQ(words.in_doubt(), row.in_doubt) << row.what;
  }
}

TEST(SaidWords, OneWhoHasReadThemAndDoesNotSayThatItHeardThemIgnoresThem) {
  SaidWords words;
  words.set_acknowledged(true);
  words.said({"one"});
  EXPECT_TRUE(words.wants_ping());
  words.pinged("ping");
  EXPECT_FALSE(words.wants_ping());  // one is on its way
  EXPECT_EQ(words.ignored_since(), std::nullopt);
  words.pong("ping", kNow);
  EXPECT_EQ(words.ignored_since(), kNow);
  EXPECT_TRUE(words.heard(1));
  EXPECT_EQ(words.ignored_since(), std::nullopt);
}

TEST(SaidWords, ANewLinkHasProvedNothing) {
  SaidWords words;
  words.said({"over the last link"});
  words.new_link();
  EXPECT_FALSE(words.in_doubt());  // what was lost with it is known by now
  words.said({"over this one"});
  EXPECT_TRUE(words.in_doubt());
}

}  // namespace
}  // namespace talk
