// What was said and not yet heard: kept, counted, and said again in its order.
#include "common/session/unheard_words.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "common/session/heard_words.h"
#include "common/session/lines_under_way.h"

namespace talk {
namespace {

std::vector<std::string> texts(const UnheardWords& unheard) {
  std::vector<std::string> texts;
  for (const UnheardWords::Word& word : unheard.words()) texts.push_back(word.text);
  return texts;
}

using Texts = std::vector<std::string>;

TEST(UnheardWords, AreKeptUntilTheyAreHeard) {
  UnheardWords unheard;
  for (const char* text : {"one", "two", "three"}) unheard.said({text});
  unheard.said({"files are taken", true});
  struct Row {
    std::uint64_t count;
    bool may_be;
    Texts left;
    std::size_t persons;
  };
  const Row rows[] = {
      {0, true, {"one", "two", "three", "files are taken"}, 3},
      {5, false, {"one", "two", "three", "files are taken"}, 3},  // never said
      {2, true, {"three", "files are taken"}, 1},
      {2, true, {"three", "files are taken"}, 1},
      {1, false, {"three", "files are taken"}, 1},  // it was further already
      {3, true, {"files are taken"}, 0},
      {4, true, {}, 0},
      {UINT64_MAX, false, {}, 0},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(unheard.heard(row.count), row.may_be) << row.count;
    EXPECT_EQ(texts(unheard), row.left) << row.count;
    EXPECT_EQ(unheard.texts(), row.persons) << row.count;
    EXPECT_EQ(unheard.said_so_far(), 4u);
  }
}

TEST(UnheardWords, AreBounded) {
  UnheardWords unheard;
  while (unheard.has_room()) unheard.said({std::string(60'000, 'x')});
  EXPECT_EQ(unheard.words().size(), UnheardWords::kMost / 60'000 + 1);
  EXPECT_TRUE(unheard.heard(1));
  EXPECT_TRUE(unheard.has_room());
}

TEST(UnheardWords, GoWithTheirTalk) {
  UnheardWords unheard;
  unheard.said({"one"});
  unheard.said({"two"});
  EXPECT_TRUE(unheard.heard(1));
  const auto left = unheard.start_over();
  ASSERT_EQ(left.size(), 1u);
  EXPECT_EQ(left[0].text, "two");
  EXPECT_EQ(unheard.said_so_far(), 0u);
  EXPECT_TRUE(unheard.empty());
  EXPECT_TRUE(unheard.has_room());
}

// Two ends and a link that loses what it likes: whatever is said again, all is shown once.
TEST(UnheardWords, NothingIsLostDoubledOrReordered) {
  std::mt19937 random(5);
  for (int round = 0; round < 200; ++round) {
    UnheardWords unheard;
    HeardWords heard;
    std::vector<std::string> said;
    std::vector<std::string> shown;
    while (shown.size() < 50) {
      ASSERT_TRUE(unheard.heard(heard.count()));  // a link begins with what was got
      std::deque<UnheardWords::Word> link = unheard.words();
      for (std::size_t more = random() % 3; more > 0; --more) {
        said.push_back(std::to_string(said.size()));
        unheard.said({said.back()});
        link.push_back({said.back()});
      }
      for (std::size_t lost = random() % (link.size() + 1); link.size() > lost; link.pop_front()) {
        shown.push_back(link.front().text);
        heard.heard(link.front().text.size());
        if (random() % 2 == 0) {
          ASSERT_TRUE(unheard.heard(heard.count()));
        }
      }
    }
    said.resize(shown.size());
    ASSERT_EQ(shown, said);
  }
}

TEST(HeardWords, AreSaidAtOnceAndThenInPauses) {
  HeardWords heard;
  Time now = Time{} + seconds(100);
  EXPECT_FALSE(heard.due(now));
  heard.heard(5);
  EXPECT_TRUE(heard.due(now));
  EXPECT_EQ(heard.say(now), 1u);
  EXPECT_FALSE(heard.due(now + seconds(9)));
  heard.heard(5);
  EXPECT_FALSE(heard.due(now));
  EXPECT_EQ(heard.deadline(), now + HeardWords::kPause);
  EXPECT_TRUE(heard.due(now + HeardWords::kPause));
  heard.heard(HeardWords::kMuch);  // a flood need not wait
  EXPECT_TRUE(heard.due(now));
  EXPECT_EQ(heard.say(now), 3u);
}

TEST(LinesUnderWay, AreLateAfterAWhile) {
  LinesUnderWay lines;
  const Time now = Time{} + seconds(100);
  lines.said(10, now);
  lines.said(20, now + seconds(2));
  EXPECT_EQ(lines.late_by(now + milliseconds(2'999)), std::nullopt);
  EXPECT_EQ(lines.deadline(now), now + seconds(3));
  EXPECT_EQ(lines.late_by(now + seconds(4)), seconds(4));
  lines.arrived(9);
  EXPECT_EQ(lines.count(), 2u);
  lines.arrived(19);
  EXPECT_EQ(lines.count(), 1u);
  EXPECT_EQ(lines.late_by(now + seconds(4)), std::nullopt);
  lines.arrived(20);
  EXPECT_EQ(lines.deadline(now), std::nullopt);
}

}  // namespace
}  // namespace talk
