#include "common/wire/line_reader.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace talk {
namespace {

using std::string_literals::operator""s;
using Lines = std::vector<std::string>;

std::string shown(const LineReader::Line& line) {
  static const char* const kNames[] = {"none", "lf", "crlf", "nul"};
  return line.text + "|" + kNames[static_cast<int>(line.ending)];
}

// What comes out when the receives are these.
Lines lines_of(LineReader& reader, const std::vector<std::string>& receives) {
  Lines lines;
  for (const std::string& received : receives) {
    reader.feed(received);
    while (const auto line = reader.next()) lines.push_back(shown(*line));
    EXPECT_EQ(reader.position(), received.size());
  }
  return lines;
}

struct Case {
  const char* name;
  std::vector<std::string> receives;
  Lines lines;
  std::string partial;
};

const std::vector<Case> kCases = {
    {"nothing", {""}, {}, ""},
    {"line feed", {"a\n"}, {"a|lf"}, ""},
    {"carriage return and line feed", {"a\r\n"}, {"a|crlf"}, ""},
    {"NUL", {"a\0"s}, {"a|nul"}, ""},
    {"no ending", {"a"}, {}, "a"},
    {"two in one packet", {"a\nb\n"}, {"a|lf", "b|lf"}, ""},
    {"byte by byte", {"a", "b", "\r", "\n", "c", "\n"}, {"ab|crlf", "c|lf"}, ""},
    {"empty lines are lines", {"\n\r\n"}, {"|lf", "|crlf"}, ""},
    {"stale bytes behind a NUL", {"get 1\0t 2\0x\n"s}, {"get 1|nul"}, ""},
    {"the next receive is new", {"a\0stale"s, "b\0"s}, {"a|nul", "b|nul"}, ""},
    {"padding alone", {"\0\0\0\0"s}, {}, ""},
    {"padding in its own receive", {"a\0"s, "\0\0\0"s, "b\0"s}, {"a|nul", "b|nul"}, ""},
    {"a NUL straight behind a line feed", {"a\n\0b\n"s}, {"a|lf", "b|lf"}, ""},
    {"many NULs behind a line feed", {"a\n\0\0\0b\n"s}, {"a|lf", "b|lf"}, ""},
    {"a NUL behind a line feed, later", {"a\n", "\0b\n"s}, {"a|lf", "b|lf"}, ""},
    {"telnet's bare carriage return", {"a\r\0b\n"s}, {"a|crlf", "b|lf"}, ""},
    {"a carriage return inside", {"a\rb\n"}, {"a\rb|lf"}, ""},
    {"at the maximum", {"12345678\n"}, {"12345678|lf"}, ""},
    {"at the maximum, in pieces", {"12345678", "\n"}, {"12345678|lf"}, ""},
    {"over the maximum", {"123456789\n"}, {"12345678|none", "9|lf"}, ""},
    {"far over the maximum",
     {"12345678", "12345678", "1\n"},
     {"12345678|none", "12345678|none", "1|lf"},
     ""},
    {"a buffer sent whole, then stale words",
     {"hello\n\0\0\0"s, "hi\n\0lo\n\0\0"s},
     {"hello|lf", "hi|lf"},
     ""},
    {"two buffers in one receive",
     {"hey\n\0\0\0\0"s, "a\n\0y\n\0\0\0b\n\0y\n\0\0\0"s},
     {"hey|lf", "a|lf", "b|lf"},
     ""},
    {"stale bytes behind a line feed and a NUL",
     {"hi\n\0llo\0x\n"s, "b\n\0"s},
     {"hi|lf", "b|lf"},
     ""},
    {"stale bytes without a NUL of their own",
     {"hi\n\0STALEBYTES"s, "yo\n"},
     {"hi|lf", "yo|lf"},
     ""},
    {"lines that each end with both", {"a\n\0b\n\0c"s, "d\n\0"s}, {"a|lf", "b|lf", "cd|lf"}, ""},
    {"a part is not cut within a character",
     {"1234567\xc3\xa4x\n"},
     {"1234567|none", "\xc3\xa4x|lf"},
     ""},
    {"bytes are bytes", {"\xff\x80\x01\n"}, {"\xff\x80\x01|lf"}, ""},
};

TEST(LineReader, SplitsAsPeersMeant) {
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.name);
    LineReader reader(8);
    EXPECT_EQ(lines_of(reader, c.receives), c.lines);
    EXPECT_EQ(reader.partial(), c.partial);
  }
}

// Without NULs it must not matter how the bytes were cut into receives.
TEST(LineReader, EverySplitOfAStreamOfLinesIsTheSame) {
  const std::string stream = "one\r\n\ntwo\nlonger than eight\nx";
  LineReader whole(8);
  const Lines expected = lines_of(whole, {stream});
  for (std::size_t a = 0; a <= stream.size(); ++a) {
    for (std::size_t b = a; b <= stream.size(); ++b) {
      LineReader reader(8);
      const Lines lines =
          lines_of(reader, {stream.substr(0, a), stream.substr(a, b - a), stream.substr(b)});
      ASSERT_EQ(lines, expected) << a << " " << b;
      ASSERT_EQ(reader.partial(), "x");
    }
  }
}

TEST(LineReader, KnowsWhichEndingWasShown) {
  LineReader reader(8);
  reader.feed("abc");
  EXPECT_FALSE(reader.next());
  EXPECT_FALSE(reader.has_shown_ending());
  EXPECT_EQ(reader.last_ending(), Ending::none);
  EXPECT_EQ(reader.take_partial(), "abc");
  EXPECT_EQ(reader.partial(), "");
  for (const auto& [bytes, ending] : std::vector<std::pair<std::string, Ending>>{
           {"\r\n", Ending::crlf}, {"\n", Ending::lf}, {"\0"s, Ending::nul}}) {
    reader.feed("x" + bytes);
    EXPECT_EQ(reader.next()->ending, ending);
    EXPECT_TRUE(reader.has_shown_ending());
    EXPECT_EQ(reader.last_ending(), ending);
    EXPECT_EQ(bytes_of(ending), bytes);
  }
}

// A raw terminal sends carriage returns; what else belongs to the ending may come later.
TEST(LineReader, ALoneReturnEndsALineWhereThatIsWanted) {
  const std::vector<Case> cases = {
      {"alone", {"a\rb\r"}, {"a|crlf", "b|crlf"}, ""},
      {"with its line feed", {"a\r\nb"}, {"a|crlf"}, "b"},
      {"with its line feed, later", {"a\r", "\nb\r", "\n"}, {"a|crlf", "b|crlf"}, ""},
      {"with telnet's NUL", {"a\r\0b\r"s, "\0c\n"s}, {"a|crlf", "b|crlf", "c|lf"}, ""},
      {"empty lines", {"\r\r"}, {"|crlf", "|crlf"}, ""},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    LineReader reader(8, LineReader::LoneReturn::ending);
    EXPECT_EQ(lines_of(reader, c.receives), c.lines);
    EXPECT_EQ(reader.partial(), c.partial);
  }
}

// Words and their ending in two sends, with a pause between that made the words a message.
TEST(LineReader, AnEndingThatComesLateIsNoMessageOfItsOwn) {
  for (const std::string& ending : {"\n"s, "\r\n"s, "\0"s}) {
    LineReader reader(80);
    reader.feed("hello");
    EXPECT_FALSE(reader.next());
    EXPECT_EQ(reader.take_partial(), "hello");
    reader.feed(ending + "again\n");
    EXPECT_EQ(shown(*reader.next()), "again|lf");
    EXPECT_FALSE(reader.next());
    reader.feed("\n");
    EXPECT_EQ(shown(*reader.next()), "|lf");
  }
}

// … and the ending itself in two, which left an empty row behind the words.
TEST(LineReader, ALateEndingMayComeInHalves) {
  for (const auto mode : {LineReader::LoneReturn::byte, LineReader::LoneReturn::ending}) {
    LineReader reader(80, mode);
    reader.feed("hello");
    EXPECT_FALSE(reader.next());
    EXPECT_EQ(reader.take_partial(), "hello");
    for (const char* half : {"\r", "\n"}) {
      reader.feed(half);
      EXPECT_FALSE(reader.next());
      EXPECT_EQ(reader.partial(), "");
      EXPECT_EQ(reader.position(), 1u);
    }
    EXPECT_EQ(reader.last_ending(), Ending::crlf);
    reader.feed("again\r\n");
    EXPECT_EQ(shown(*reader.next()), "again|crlf");
  }
}

TEST(LineReader, KnowsWhoTypesKeyByKey) {
  LineReader reader(80);
  for (const char* key : {"h", "\xc3\xa4", "y"}) {
    reader.feed(key);
    EXPECT_FALSE(reader.next());
    EXPECT_TRUE(reader.typed_by_key());
  }
  reader.feed("ab");
  EXPECT_FALSE(reader.next());
  EXPECT_FALSE(reader.typed_by_key());
}

TEST(LineReader, SaysWhereALineEnded) {
  LineReader reader(8);
  reader.feed("ab\ncd\r\nef");
  reader.next();
  EXPECT_EQ(reader.position(), 3u);
  reader.next();
  EXPECT_EQ(reader.position(), 7u);
  EXPECT_FALSE(reader.next());
  EXPECT_EQ(reader.position(), 9u);
}

}  // namespace
}  // namespace talk
