// The line being typed on the plain screen, as bytes: what a terminal, or whoever hears it, gets.
#include "common/screen/input_row.h"

#include <gtest/gtest.h>

#include "common/wire/limits.h"

namespace talk {
namespace {

class WrittenRowTest : public testing::Test {
 protected:
  std::string becomes(const std::string& text) {
    line_.replace(text, text.size());
    return row_.draw("> ", &line_, 20);
  }

  LineEditor line_{kMaxText};
  WrittenRow row_;
};

TEST_F(WrittenRowTest, WritesOnlyWhatIsNew) {
  EXPECT_EQ(becomes("he"), "he");
  EXPECT_EQ(becomes("hello"), "llo");
  EXPECT_EQ(becomes("hello"), "");
  EXPECT_EQ(becomes("help"), "\b \b\b \bp");
  EXPECT_EQ(becomes(""), "\b \b\b \b\b \b\b \b");
  EXPECT_EQ(row_.make_way(), "") << "the row is empty";
}

TEST_F(WrittenRowTest, TakesBackWholeCharacters) {
  EXPECT_EQ(becomes("\u65e5\u672c"), "\u65e5\u672c");
  EXPECT_EQ(becomes("\u65e5"), "\b \b\b \b") << "two columns";
  EXPECT_EQ(becomes("e\u0301"), "\b \b\b \be\u0301");
  EXPECT_EQ(becomes("e"), "\b \be") << "the mark goes with its letter";
}

TEST_F(WrittenRowTest, IsWrittenOnceMoreWhenSomethingCameBetween) {
  EXPECT_EQ(becomes("half a"), "half a");
  EXPECT_EQ(row_.make_way(), "\n");
  EXPECT_EQ(row_.make_way(), "");
  EXPECT_EQ(becomes("half a"), "half a");
  EXPECT_EQ(becomes("half a s"), " s");
}

TEST_F(WrittenRowTest, ALineOfSeveralRowsIsTakenBackInANewOne) {
  const std::string many(30, 'x');
  EXPECT_EQ(becomes(many), many);
  EXPECT_EQ(becomes(many + "y"), "y");
  EXPECT_EQ(becomes(many), "\n" + many) << "a backspace does not go up a row";
}

TEST_F(WrittenRowTest, ShowsNoControl) {
  EXPECT_EQ(becomes("a\x1b[2J").find('\x1b'), std::string::npos);
  EXPECT_EQ(row_.draw("-- left", nullptr, 20).find("left"), std::string::npos) << "no prompt";
}

TEST(RepaintedRowTest, NeedsNothingButCarriageReturn) {
  LineEditor line(kMaxText);
  RepaintedRow row;
  EXPECT_EQ(row.draw("> ", &line, 20), "> ");
  line.insert("ab");
  EXPECT_EQ(row.draw("> ", &line, 20), "\r  \r> ab");
  line.replace("ab", 1);
  EXPECT_EQ(row.draw("> ", &line, 20), "\r    \r> ab\r> a");
  EXPECT_EQ(row.make_way(), "\r    \r");
  EXPECT_EQ(row.make_way(), "");
  line.replace(std::string(30, 'x') + "end", 33);
  EXPECT_EQ(row.draw("> ", &line, 20), "> <xxxxxxend");
}

}  // namespace
}  // namespace talk
