// What was said, read back: what a pane shows of it, and what stays where it is while lines arrive.
#include "common/screen/split/scrollback.h"

#include <gtest/gtest.h>

#include "common/text/width.h"

namespace talk {
namespace {

std::string text_of(const Row& row) {
  std::string text;
  for (const Piece& piece : row) text += piece.text;
  return text;
}

// The rows without the time, which depends on the time zone.
std::vector<std::string> shown(const Scrollback& talk, int columns, int rows) {
  std::vector<std::string> lines;
  for (const Row& row : talk.view(columns, rows)) lines.push_back(text_of(row));
  for (std::string& line : lines)
    if (line.size() > 6 && line[2] == ':') line.erase(0, 6);
  return lines;
}

Entry said(const std::string& text, const std::string& who = "alice") {
  return {Entry::Kind::theirs, who, text, {}};
}

void add_numbered(Scrollback& talk, int from, int to) {
  for (int i = from; i <= to; ++i) talk.add(said("line " + std::to_string(i)));
}

using Lines = std::vector<std::string>;

TEST(Scrollback, ShowsWhoSaidWhatAndWhatIsSaidByAProgram) {
  Scrollback talk;
  talk.add(said("hello"));
  talk.add({Entry::Kind::mine, "bob", "hi", {}});
  talk.add({Entry::Kind::info, {}, "alice has come in", {}});
  talk.add({Entry::Kind::error, {}, "no such file", {}});
  talk.add({Entry::Kind::peer_notice, "alice", "away", {}});
  EXPECT_EQ(shown(talk, 80, 10), (Lines{"<alice> hello", "<bob> hi", "-- alice has come in",
                                        "-!- no such file", "-- notice from <alice>: \"away\""}));
}

TEST(Scrollback, ShowsTheLastLinesWhereThereAreMoreThanThePaneHasRows) {
  Scrollback talk;
  add_numbered(talk, 1, 5);
  EXPECT_EQ(shown(talk, 80, 2), (Lines{"<alice> line 4", "<alice> line 5"}));
  EXPECT_TRUE(shown(talk, 80, 0).empty());
}

TEST(Scrollback, WrapsBelowTheGutterAndNeverIntoIt) {
  Scrollback talk;
  talk.add(said("one two three four five six"));
  const std::vector<Row> rows = talk.view(30, 10);  // the gutter is 14 wide
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(text_of(rows[1]), std::string(14, ' ') + "four five six");
}

TEST(Scrollback, NoPeerCanWriteWhereTheProgramWrites) {
  const std::string forged[] = {"\n09:30 -- bob has left", "\r09:30 -- ERROR: forged",
                                "\x1b[1G-- forged", std::string(500, 'x') + "-- forged",
                                std::string(70, ' ') + "09:30 <bob> forged"};
  for (const std::string& text : forged)
    for (const int columns : {1, 2, 7, 20, 29, 30, 40, 80}) {
      Scrollback talk;
      talk.add(said(text));
      const std::vector<Row> rows = talk.view(columns, 1000);
      for (std::size_t i = 1; i < rows.size(); ++i) {
        const int beside = columns >= 30 ? 14 : columns >= 16 ? 8 : 0;
        const int indent = beside > 0 ? beside : columns >= 6 ? 2 : columns >= 3 ? 1 : 0;
        EXPECT_EQ(text_of(rows[i]).substr(0, static_cast<std::size_t>(indent)),
                  std::string(static_cast<std::size_t>(indent), ' '))
            << columns;
      }
    }
}

TEST(Scrollback, NoRowIsWiderThanThePane) {
  Scrollback talk;
  talk.add(
      said("\u65e5\u672c\u8a9e \u65e5\u672c\u8a9e\u65e5\u672c\u8a9e and e\u0301", "\u540d\u524d"));
  talk.add({Entry::Kind::error, {}, std::string(300, 'e'), {}});
  talk.mark_unread();
  talk.add({Entry::Kind::peer_notice, "\u540d\u524d", "\u65e5\u672c\u8a9e", {}});
  for (int columns = 2; columns <= 120; ++columns) {
    if (columns == 5) talk.add(said("\U0001F469\u200D\U0001F467 \U0001F469\u200D\U0001F467"));
    for (const Row& row : talk.view(columns, 1000))
      EXPECT_LE(text_width(text_of(row)), columns) << text_of(row);
  }
}

TEST(Scrollback, NothingMovesWhileLinesArriveAndOneReadsBack) {
  Scrollback talk;
  add_numbered(talk, 1, 20);
  talk.scroll(-3, 80, 5);
  const Lines before = shown(talk, 80, 5);
  EXPECT_EQ(before.back(), "<alice> line 17");
  EXPECT_FALSE(talk.at_bottom());
  add_numbered(talk, 21, 34);
  EXPECT_EQ(shown(talk, 80, 5), before);
  EXPECT_EQ(talk.new_below(), 14u);
  talk.to_bottom();
  EXPECT_EQ(talk.new_below(), 0u);
  EXPECT_EQ(shown(talk, 80, 1), Lines{"<alice> line 34"});
}

TEST(Scrollback, ScrollsByRowsOfWrappedLinesThereAndBack) {
  Scrollback talk;
  for (int i = 0; i < 10; ++i) talk.add(said(std::string(100, 'x') + std::to_string(i)));
  std::vector<Lines> seen;
  for (int i = 0; i < 30; ++i) {
    seen.push_back(shown(talk, 40, 7));
    talk.scroll(-1, 40, 7);
  }
  for (int i = 29; i >= 0; --i) {
    talk.scroll(1, 40, 7);
    EXPECT_EQ(shown(talk, 40, 7), seen[static_cast<std::size_t>(i)]) << i;
  }
  EXPECT_TRUE(talk.at_bottom());
}

TEST(Scrollback, StopsAtTheFirstLineAndFollowsAgainAtTheLast) {
  Scrollback talk;
  add_numbered(talk, 1, 20);
  talk.scroll(-1000, 80, 5);
  EXPECT_EQ(shown(talk, 80, 5).front(), "<alice> line 1");
  talk.scroll(1000, 80, 5);
  EXPECT_TRUE(talk.at_bottom());
  talk.to_top();
  EXPECT_EQ(shown(talk, 80, 5).front(), "<alice> line 1");
  talk.to_bottom();
  EXPECT_TRUE(talk.at_bottom());
}

TEST(Scrollback, StaysAtTheBottomWhereEverythingFits) {
  Scrollback talk;
  talk.scroll(-1, 80, 5);
  EXPECT_TRUE(talk.at_bottom());
  add_numbered(talk, 1, 3);
  talk.scroll(-5, 80, 5);
  EXPECT_TRUE(talk.at_bottom());
  talk.to_top();
  talk.scroll(5, 80, 5);
  EXPECT_TRUE(talk.at_bottom());
}

TEST(Scrollback, ANewWidthKeepsThePlaceAndLosesNothing) {
  Scrollback talk;
  for (int i = 0; i < 30; ++i)
    talk.add(said("line " + std::to_string(i) + " " + std::string(60, 'y')));
  talk.scroll(-12, 80, 10);
  const std::string first = shown(talk, 80, 10).front();
  for (const int columns : {40, 10, 1, 200, 80}) EXPECT_FALSE(shown(talk, columns, 10).empty());
  EXPECT_EQ(shown(talk, 80, 10).front(), first);
}

TEST(Scrollback, KeepsTenThousandLinesAndForgetsInBoundedMemory) {
  Scrollback talk;
  add_numbered(talk, 1, 50'000);
  talk.to_top();
  const std::string first = shown(talk, 80, 1).front();
  EXPECT_LE(std::stoi(first.substr(first.rfind(' '))), 40'000);
  EXPECT_GE(talk.bytes(), 10'000u);
  for (int i = 0; i < 2'000; ++i) talk.add(said(std::string(65'536, 'x')));
  EXPECT_LE(talk.bytes(), Scrollback::kMostBytes);
}

TEST(Scrollback, ReadingBackAtLinesThatAreForgottenGoesOnAtTheFirstThatIsLeft) {
  Scrollback talk;
  add_numbered(talk, 1, 100);
  talk.to_top();
  add_numbered(talk, 101, 100 + static_cast<int>(Scrollback::kMostLines));
  EXPECT_EQ(shown(talk, 80, 1), Lines{"<alice> line 101"});
  EXPECT_EQ(talk.new_below(), Scrollback::kMostLines);
}

TEST(Scrollback, AMarkStandsBeforeTheFirstUnreadLine) {
  Scrollback talk;
  add_numbered(talk, 1, 1);
  talk.mark_unread();
  EXPECT_EQ(shown(talk, 80, 5), (Lines{"<alice> line 1"}));
  add_numbered(talk, 2, 3);
  const Lines lines = shown(talk, 80, 5);
  ASSERT_EQ(lines.size(), 4u);
  EXPECT_NE(lines[1].find(" new "), std::string::npos);
  talk.unmark();
  EXPECT_EQ(shown(talk, 80, 5).size(), 3u);
  Scrollback fresh;
  fresh.mark_unread();
  add_numbered(fresh, 1, 1);
  EXPECT_EQ(shown(fresh, 80, 5), Lines{"<alice> line 1"});
}

TEST(Scrollback, ClearsWhatWasSaid) {
  Scrollback talk;
  add_numbered(talk, 1, 9);
  talk.scroll(-5, 80, 2);
  talk.clear();
  EXPECT_TRUE(shown(talk, 80, 5).empty());
  EXPECT_TRUE(talk.at_bottom());
  add_numbered(talk, 10, 10);
  EXPECT_EQ(shown(talk, 80, 5), Lines{"<alice> line 10"});
}

TEST(Scrollback, FindsTheNewestThenTheOneBeforeItAndSaysHowMany) {
  Scrollback talk;
  for (int i = 0; i < 60; ++i) talk.add(said(i % 20 == 5 ? "the key " + std::to_string(i) : "-"));
  const auto found = [&](const std::optional<Scrollback::Found>& at) {
    if (!at) return std::string("none");
    return std::to_string(at->number) + "/" + std::to_string(at->of) + " " +
           shown(talk, 80, 10).front();
  };
  EXPECT_EQ(found(talk.find("key", 80, 10)), "1/3 <alice> the key 45");
  EXPECT_EQ(found(talk.find("key", 80, 10)), "2/3 <alice> the key 25");
  EXPECT_EQ(found(talk.find("KEY", 80, 10)), "1/3 <alice> the key 45");
  EXPECT_EQ(found(talk.find("key", 80, 10)), "1/3 <alice> the key 45");
  EXPECT_EQ(found(talk.find("key", 80, 10)), "2/3 <alice> the key 25");
  EXPECT_EQ(found(talk.find_next(true, 80, 10)), "3/3 <alice> the key 5");
  EXPECT_EQ(found(talk.find_next(true, 80, 10)), "none");
  EXPECT_EQ(found(talk.find_next(false, 80, 10)), "2/3 <alice> the key 25");
  EXPECT_EQ(found(talk.find_next(false, 80, 10)), "1/3 <alice> the key 45");
  EXPECT_EQ(found(talk.find_next(false, 80, 10)), "none");
  EXPECT_EQ(found(talk.find("nothing like it", 80, 10)), "none");
}

TEST(Scrollback, MarksWhatIsFound) {
  Scrollback talk;
  talk.add(said("a key, the key"));
  const auto marked = [&] {
    std::vector<std::string> pieces;
    for (const Row& row : talk.view(80, 10))
      for (const Piece& piece : row)
        if (piece.style == Style::found) pieces.push_back(piece.text);
    return pieces;
  };
  ASSERT_TRUE(talk.find("key", 80, 10));
  EXPECT_EQ(marked(), (Lines{"key", "key"}));
  EXPECT_EQ(shown(talk, 80, 10), Lines{"<alice> a key, the key"});
  talk.end_search();
  EXPECT_EQ(marked(), Lines{});
}

TEST(Scrollback, WhatIsFoundOnTheLastPageIsShownThere) {
  Scrollback talk;
  add_numbered(talk, 1, 30);
  talk.to_top();
  ASSERT_TRUE(talk.find("line 29", 80, 10));
  EXPECT_TRUE(talk.at_bottom());
}

}  // namespace
}  // namespace talk
