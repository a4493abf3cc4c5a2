// Tables for what is shown, measured, wrapped and understood.
#include <gtest/gtest.h>

#include <clocale>

#include "common/text/command.h"
#include "common/text/display.h"
#include "common/text/search.h"
#include "common/text/utf8.h"
#include "common/text/width.h"
#include "common/text/words.h"
#include "tests/support/valid_utf8.h"

namespace talk {
namespace {

using namespace std::string_literals;

TEST(Search, CapitalsAndSmallLettersAreTheSame) {
  const std::string had = std::setlocale(LC_CTYPE, nullptr);
  ASSERT_NE(std::setlocale(LC_CTYPE, "C.UTF-8"), nullptr);
  const struct {
    std::string text, sought;
    std::optional<std::string> found;
  } rows[] = {
      {"the Key", "key", "Key"},
      {"the key", "KEY", "key"},
      {"\u00dcber uns", "\u00fcber", "\u00dcber"},
      {"kkey", "key", "key"},
      {"ke", "key", std::nullopt},
      {"the key", "", std::nullopt},
      {"", "key", std::nullopt},
      {"a\xff\u212a", "k", "\u212a"},  // a letter whose other one is shorter
  };
  for (const auto& row : rows) {
    const auto found = find_ignoring_case(row.text, row.sought);
    EXPECT_EQ(found ? std::optional(std::string(*found)) : std::nullopt, row.found) << row.text;
  }
  std::setlocale(LC_CTYPE, had.c_str());
}

TEST(Utf8, DecodesWhatRfc3629Allows) {
  struct Case {
    std::string bytes;
    char32_t code;
    std::size_t size;
    bool valid;
  };
  const Case cases[] = {
      {"A", 'A', 1, true},
      {"\xc3\xa4", 0xE4, 2, true},
      {"\xe2\x82\xac", 0x20AC, 3, true},
      {"\xf0\x9f\x98\x80", 0x1F600, 4, true},
      {"\xf4\x8f\xbf\xbf", 0x10FFFF, 4, true},
      {"\x80", kReplacement, 1, false},              // a tail without a lead
      {"\xc0\xaf", kReplacement, 1, false},          // overlong
      {"\xe0\x80\xaf", kReplacement, 1, false},      // overlong
      {"\xed\xa0\x80", kReplacement, 1, false},      // a surrogate
      {"\xf4\x90\x80\x80", kReplacement, 1, false},  // beyond the last
      {"\xff", kReplacement, 1, false},
      {"\xe2\x82", kReplacement, 2, false},  // cut short
      {"\xe2\x82x", kReplacement, 2, false},
      {"\xf0\x9f\x98", kReplacement, 3, false},
  };
  for (const Case& c : cases) {
    const Decoded decoded = decode_utf8(c.bytes);
    EXPECT_EQ(decoded.code, c.code) << ::testing::PrintToString(c.bytes);
    EXPECT_EQ(decoded.size, c.size) << ::testing::PrintToString(c.bytes);
    EXPECT_EQ(decoded.valid, c.valid) << ::testing::PrintToString(c.bytes);
    if (!c.valid) continue;
    std::string back;
    append_utf8(back, decoded.code);
    EXPECT_EQ(back, c.bytes);
  }
}

const std::pair<std::string, std::string> kShown[] = {
    {"plain text, 100 %", "plain text, 100 %"},
    {"grüße, 日本", "grüße, 日本"},
    {"", ""},
    // C0 and DEL
    {"a\nb", "a^Jb"},
    {"over\rprint", "over^Mprint"},
    {"\x1b[2J", "^[[2J"},
    {"\x1b]0;title\x07", "^[]0;title^G"},
    {"\0"s, "^@"},
    {"\x7f", "^?"},
    {"a\tb", "a       b"},
    {"1234567\tb", "1234567 b"},
    // C1, as UTF-8 and raw
    {"\xc2\x9b"
     "2J",
     "<U+009B>2J"},
    {"\x9b"
     "2J",
     "\xef\xbf\xbd"
     "2J"},
    // bytes that are no UTF-8: one sign each
    {"\xc0\xaf", "\xef\xbf\xbd\xef\xbf\xbd"},
    {"\xff\xfe", "\xef\xbf\xbd\xef\xbf\xbd"},
    // what reorders and what hides
    {"\xe2\x80\xae", "<U+202E>"},
    {"\xe2\x81\xa6", "<U+2066>"},
    {"\xd8\x9c", "<U+061C>"},
    {"a\xe2\x80\x8b"
     "b",
     "a<U+200B>b"},
    {"\xef\xbb\xbf", "<U+FEFF>"},
    {"\xe2\x80\xa8", "<U+2028>"},
    {"\xf3\xa0\x81\x81", "<U+0E0041>"},
    {"\xc2\xad", "<U+00AD>"},
    {"\xee\x80\x80", "<U+E000>"},
    // joiners stay within a picture and nowhere else
    {"\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x92\xbb",
     "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x92\xbb"},
    {"a\xe2\x80\x8d"
     "b",
     "a<U+200D>b"},
    {"\xe2\x9d\xa4\xef\xb8\x8f", "\xe2\x9d\xa4\xef\xb8\x8f"},
    // right-to-left letters are text
    {"\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d", "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d"},
    // a mark without a base gets one
    {"\xcc\x81", "\xe2\x97\x8c\xcc\x81"},
};

TEST(Display, MakesEverythingFromOutsideHarmless) {
  for (const auto& [bytes, shown] : kShown) EXPECT_EQ(display_text(bytes), shown);
}

TEST(Display, AThousandMarksAreFour) {
  std::string zalgo = "a";
  for (int i = 0; i < 1000; ++i) zalgo += "\xcc\x81";
  EXPECT_EQ(display_text(zalgo + "b").size(), 1 + 4 * 2 + 1u);
}

TEST(Display, WhateverComesWhatGoesOutIsOneSafeLine) {
  std::uint32_t seed = 1;
  for (int round = 0; round < 2000; ++round) {
    std::string bytes;
    for (int i = 0; i < 64; ++i) {
      seed = seed * 1664525 + 1013904223;
      bytes += static_cast<char>(seed >> 24);
    }
    std::string_view shown_view;
    const std::string shown = display_text(bytes);
    ASSERT_TRUE(is_valid_utf8(shown));
    shown_view = shown;
    while (!shown_view.empty()) {
      const Decoded decoded = decode_utf8(shown_view);
      ASSERT_GE(decoded.code, 0x20u);
      ASSERT_FALSE(decoded.code >= 0x7F && decoded.code < 0xA0);
      shown_view.remove_prefix(decoded.size);
    }
  }
}

TEST(ShownName, IsShortAndNeverEmpty) {
  const std::pair<std::string, std::string> cases[] = {
      {"alice", "alice"},
      {"", "someone"},
      {"   ", "someone"},
      {" al ", "al"},
      {"a\nb", "a^Jb"},
      {"x> -- you are", "x_ -- you are"},
      {std::string(100, 'x'), std::string(23, 'x') + "~"},
  };
  for (const auto& [name, shown] : cases) EXPECT_EQ(shown_name(name), shown);
}

// A visitor called `bob (left)` forged the mark of a talk that has ended.
TEST(NameAmongWords, CannotPassForThem) {
  const std::pair<std::string, std::string> cases[] = {
      {"alice", "alice"},
      {"bob_2.b@host-1", "bob_2.b@host-1"},
      {"Zoë", "Zoë"},
      {"木村", "木村"},
      {"bob (left)", "\"bob (left)\""},
      {"anna maria", "\"anna maria\""},
      {"45%", "\"45%\""},
      {"waiting", "\"waiting\""},
      {"x\" (left)", "\"x\\\" (left)\""},
      {"bob（left）", "\"bob（left）\""},
      {"bob—talk", "\"bob—talk\""},
  };
  for (const auto& [name, shown] : cases) EXPECT_EQ(name_among_words(name), shown);
}

TEST(LogText, CannotEndEarlyOrForgeALine) {
  EXPECT_EQ(log_text("x"), "\"x\"");
  EXPECT_EQ(log_text("a\" pid=1\n2026"), "\"a\\\" pid=1\\n2026\"");
  EXPECT_EQ(log_text("\x1b\\"), "\"\\x1b\\\\\"");
  EXPECT_EQ(log_text("ä"), "\"\\xc3\\xa4\"");
  // A pipe takes no more than 4 KiB in one piece: longer lines could be cut by another process's.
  EXPECT_LT(log_text(std::string(1 << 20, '\n')).size(), 2000u);
  EXPECT_TRUE(log_text(std::string(1 << 20, '\n')).ends_with("...\""));
}

TEST(Width, CountsColumns) {
  const std::pair<std::string, int> cases[] = {
      {"abc", 3},
      {"ä", 1},
      {"日本", 4},
      {"e\xcc\x81", 1},
      {"\xf0\x9f\x98\x80", 2},
      {"\xe2\x9d\xa4\xef\xb8\x8f", 1},                      // heart, emoji style
      {"\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x92\xbb", 4},  // woman, joiner, computer
      {"\xf0\x9f\x87\xa9\xf0\x9f\x87\xaa", 2},              // flag
      {"", 0},
  };
  for (const auto& [text, width] : cases) EXPECT_EQ(text_width(text), width) << text;
}

TEST(Width, CharactersAreSteppedOverWhole) {
  const std::string text = "a\xcc\x81\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x92\xbb日";
  EXPECT_EQ(cluster_before(text, text.size()), text.size() - 3);
  EXPECT_EQ(cluster_before(text, text.size() - 3), 3u);
  EXPECT_EQ(cluster_before(text, 3), 0u);
  EXPECT_EQ(fit_width("日本", 3), "日");
  EXPECT_EQ(fit_width("日本", 1), "");
}

TEST(Wrap, BreaksBetweenWordsOrElseBetweenCharacters) {
  using Rows = std::vector<std::string_view>;
  struct Case {
    std::string text;
    int columns;
    Rows rows;
  };
  const Case cases[] = {
      {"", 5, {""}},
      {"abc", 5, {"abc"}},
      {"one two three", 7, {"one two", "three"}},
      {"one two three", 8, {"one two", "three"}},
      {"abcdefgh", 3, {"abc", "def", "gh"}},
      {"a bcdefgh", 4, {"a", "bcde", "fgh"}},
      {"日本語", 4, {"日本", "語"}},
      {"日", 1, {"日"}},
  };
  for (const Case& c : cases) EXPECT_EQ(wrap(c.text, c.columns), c.rows) << c.text;
}

// Forty people joined by joiners would be one character of eighty columns: shown whole it runs over
// the window's edge and tears what stands there, left out it hides what was said.
TEST(Width, AChainOfJoinedCharactersIsCutWhereTheRowEnds) {
  std::string chain;
  for (int i = 0; i < 40; ++i) chain += (i > 0 ? "\u200D" : "") + "\U0001F469"s;
  EXPECT_LE(first_cluster(chain).width, kWidestCluster);
  EXPECT_EQ(text_width(chain), 80);
  for (int columns = 1; columns < 100; ++columns) {
    std::string whole;
    for (const std::string_view row : wrap(chain, columns)) {
      EXPECT_LE(text_width(row), std::max(columns, 2)) << columns;
      EXPECT_NE(row, "") << columns;
      // A joiner at the end of a row would join what stands at the beginning of the next.
      EXPECT_FALSE(row.starts_with("\u200D") || row.ends_with("\u200D")) << columns;
      whole += (whole.empty() ? "" : "\u200D") + std::string(row);
    }
    EXPECT_EQ(whole, chain) << columns;
    EXPECT_EQ(fit_width(chain, columns).empty(), columns == 1) << columns;
    EXPECT_LE(text_width(fit_width(chain, columns)), columns);
  }
  // Where there is room, a family stays together.
  const std::string family = "\U0001F469\u200D\U0001F469\u200D\U0001F467\u200D\U0001F466";
  EXPECT_EQ(first_cluster(family).size, family.size());
  EXPECT_EQ(fit_width("ab" + family, 9), "ab");
}

TEST(Words, AreSplitAsAShellDoes) {
  using Words = std::vector<std::string>;
  const std::pair<std::string, Words> cases[] = {
      {"", {}},
      {"  ", {}},
      {"xterm -fs 14 -e", {"xterm", "-fs", "14", "-e"}},
      {"xterm -T 'a b' -e", {"xterm", "-T", "a b", "-e"}},
      {"a \"\" b", {"a", "", "b"}},
      {"a\\ b", {"a b"}},
      {"\"a\\b\\\"c\"", {"a\\b\"c"}},
      {"'a\\b'", {"a\\b"}},
      {"a'b'\"c\"", {"abc"}},
      {"~/x", {"~/x"}},
  };
  for (const auto& [text, words] : cases) EXPECT_EQ(split_words(text), words) << text;
  EXPECT_EQ(split_words("a 'b"), std::nullopt);
  EXPECT_EQ(split_words("~/x ~ a~", "/h"), (Words{"/h/x", "/h", "a~"}));
}

// "say:…", "mistake", or the command and its words, each in brackets.
std::string understood(const std::string& line) {
  const TypedLine typed = parse_typed_line(line, "/home/al");
  if (const auto* say = std::get_if<Say>(&typed)) return "say:" + say->text;
  if (std::get_if<Mistake>(&typed) != nullptr) return "mistake";
  const auto& command = std::get<Command>(typed);
  std::string text = name_of(command.verb).substr(1);
  for (const std::string& word : command.words) text += "[" + word + "]";
  if (command.number) text += "#" + std::to_string(*command.number);
  return text;
}

TEST(Command, LinesAreUnderstood) {
  const std::pair<std::string, std::string> cases[] = {
      {"hello", "say:hello"},
      {"", "say:"},
      {" /bye", "say: /bye"},
      {"//usr is big", "say:/usr is big"},
      {"/bye", "bye"},
      {"/bye now", "mistake"},
      {"/sned x", "mistake"},
      {"/", "mistake"},
      {"/send", "mistake"},
      {"/send a b", "send[a][b]"},
      {"/send \"a b\" c\\ d 'e f'", "send[a b][c d][e f]"},
      {"/send ~/x ~ a~b ~bob/x", "send[/home/al/x][/home/al][a~b][~bob/x]"},
      {"/send \"open", "mistake"},
      {"/send 'it'\\''s'", "send[it's]"},
      {"/accept", "accept"},
      {"/accept 12", "accept[12]#12"},
      {"/accept all", "accept[all]"},
      {"/refuse all", "refuse[all]"},
      {"/cancel all", "mistake"},
      {"/accept all 2", "mistake"},
      {"/accept x", "mistake"},
      {"/accept 1 2", "mistake"},
      {"/accept -1", "mistake"},
      {"/find it's", "find"},
      {"/quit", "bye"},
      {"/exit", "bye"},
      {"/h", "help"},
      {"/?", "help"},
  };
  for (const auto& [line, meaning] : cases) EXPECT_EQ(understood(line), meaning) << line;
}

TEST(Command, WhatWasProbablyMeantIsNamed) {
  const std::pair<std::string, std::string> cases[] = {
      {"/sned x", "/send"}, {"/hlep", "/help"}, {"/trans", "/transfers"},
      {"/byee", "/bye"},    {"/wo", "/who"},    {"/acept", "/accept"},
      {"/qqqq", ""},        {"/", ""},          {"/usr/bin", ""},
  };
  for (const auto& [line, meant] : cases) {
    const std::string message = std::get<Mistake>(parse_typed_line(line, "")).message;
    const std::string expected = meant.empty() ? "" : ": did you mean " + meant + "?";
    EXPECT_EQ(message.find(": did you mean") != std::string::npos, !meant.empty()) << message;
    EXPECT_NE(message.find(expected), std::string::npos) << message;
  }
}

}  // namespace
}  // namespace talk
