// The line being typed, laid out: rows, and where the cursor stands in them.
#include "common/screen/split/input_area.h"

#include <gtest/gtest.h>

#include "common/text/width.h"

namespace talk {
namespace {

struct Case {
  const char* what;
  std::string text;
  std::size_t cursor;
  int columns;
  int most_rows;
  std::vector<std::string> rows;
  int cursor_row;
  int cursor_column;
};

const Case kCases[] = {
    {"nothing typed", "", 0, 80, 6, {"> "}, 0, 2},
    {"a word", "hello", 5, 80, 6, {"> hello"}, 0, 7},
    {"the cursor inside", "hello", 2, 80, 6, {"> hello"}, 0, 4},
    {"grows where it is full", "abcdefgh", 8, 6, 6, {"> abcd", "efgh"}, 1, 4},
    {"the cursor behind a full row", "abcd", 4, 6, 6, {"> abcd", ""}, 1, 0},
    {"the cursor on a full row", "abcdef", 4, 6, 6, {"> abcd", "ef"}, 1, 0},
    {"rows around the cursor: the end", "abcdefghijklmnop", 16, 6, 2, {"klmnop", ""}, 1, 0},
    {"rows around the cursor: the start", "abcdefghijklmnop", 0, 6, 2, {"> abcd", "efghij"}, 0, 2},
    {"a pasted line feed", "ab\ncd", 5, 80, 6, {"> ab", "cd"}, 1, 2},
    {"two of them", "ab\n\ncd", 3, 80, 6, {"> ab", "", "cd"}, 1, 0},
    {"wide characters", "\u65e5\u672c", 6, 80, 6, {"> \u65e5\u672c"}, 0, 6},
    {"a wide one does not split", "a\u65e5\u672c", 7, 6, 6, {"> a\u65e5", "\u672c"}, 1, 2},
    {"combining marks take no room", "e\u0301x", 3, 80, 6, {"> e\u0301x"}, 0, 3},
    {"controls are seen",
     "a\x1b"
     "b",
     3,
     80,
     6,
     {"> a^[b"},
     0,
     6},
    {"one column", "ab", 2, 1, 6, {"a", "b", ""}, 2, 0},
    {"one row of one column", "ab", 2, 1, 1, {""}, 0, 0},
};

TEST(InputArea, LaysOutTextAndCursor) {
  for (const Case& each : kCases) {
    const InputArea area =
        lay_out_input("> ", each.text, each.cursor, each.columns, each.most_rows);
    EXPECT_EQ(area.rows, each.rows) << each.what;
    EXPECT_EQ(area.cursor_row, each.cursor_row) << each.what;
    EXPECT_EQ(area.cursor_column, each.cursor_column) << each.what;
  }
}

TEST(InputArea, TheCursorIsAlwaysInsideAndNoRowTooWide) {
  std::string text;
  for (int i = 0; i < 30; ++i) text += i % 3 == 0 ? "\u65e5" : i % 3 == 1 ? "ab" : "\n";
  for (int columns = 2; columns < 40; ++columns)
    for (std::size_t cursor = 0; cursor <= text.size(); ++cursor) {
      if (cursor < text.size() && (static_cast<unsigned char>(text[cursor]) & 0xC0) == 0x80)
        continue;
      const InputArea area = lay_out_input("> ", text, cursor, columns, 4);
      ASSERT_LE(area.rows.size(), 4u);
      ASSERT_LT(area.cursor_row, static_cast<int>(area.rows.size()));
      ASSERT_GE(area.cursor_row, 0);
      ASSERT_LT(area.cursor_column, columns);
      for (const std::string& row : area.rows) ASSERT_LE(text_width(row), columns);
    }
}

TEST(InputArea, ALongPasteIsLaidOutInRowsAroundTheCursor) {
  std::string text;
  for (int i = 0; i < 500; ++i) text += "line " + std::to_string(i) + "\n";
  const InputArea area = lay_out_input("> ", text, text.size(), 80, 6);
  ASSERT_EQ(area.rows.size(), 6u);
  EXPECT_EQ(area.rows[4], "line 499");
  EXPECT_EQ(area.cursor_row, 5);
}

// A chain of joined emoji, wider than the window, is a character too.
TEST(InputArea, AChainWiderThanTheWindowStaysInItsRows) {
  std::string chain;
  for (int i = 0; i < 40; ++i) chain += (i > 0 ? "\u200D" : "") + std::string("\U0001F469");
  for (int columns = 1; columns < 30; ++columns) {
    const InputArea area = lay_out_input("> ", chain, chain.size(), columns, 6);
    for (const std::string& row : area.rows) ASSERT_LE(text_width(row), columns);
    ASSERT_LT(area.cursor_column, columns);
  }
}

}  // namespace
}  // namespace talk
