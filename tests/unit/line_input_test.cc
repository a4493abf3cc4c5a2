// The line of the split screen: what keys make of it, and what of it is said.
#include "common/screen/split/line_input.h"

#include <gtest/gtest.h>

#include "common/wire/limits.h"

namespace talk {
namespace {

using Code = Key::Code;
using Lines = std::vector<std::string>;

class TypedLine : public ::testing::Test {
 protected:
  void press(const Key& key) { line_.obey(key, inputs_); }
  void type(const std::string& text) { press({Code::text, text}); }
  void control(char letter) { press({Code::control, {}, letter}); }
  void enter(const std::string& text) {
    type(text);
    press({Code::enter});
  }
  std::string row() { return line_.lay_out(true, 80, 2).rows.at(0); }
  // What was done since this was last asked.
  Lines done() {
    Lines lines;
    for (const Input& input : std::exchange(inputs_, {}))
      lines.push_back(input.kind == Input::Kind::line    ? input.line
                      : input.kind == Input::Kind::quit  ? "QUIT"
                      : input.kind == Input::Kind::nudge ? "NUDGE"
                                                         : "END");
    return lines;
  }

  LineInput line_{"", nullptr};
  std::vector<Input> inputs_;
};

TEST_F(TypedLine, IsSaidAtEnter) {
  enter("hello");
  press({Code::enter});
  EXPECT_EQ(done(), (Lines{"hello", "NUDGE"}));
  EXPECT_EQ(row(), "> ");
}

TEST_F(TypedLine, APasteIsSaidLineByLineAndNoneOfItIsACommand) {
  press({Code::paste, "one\r\n/bye\rthree\n"});
  EXPECT_EQ(done(), Lines{});
  press({Code::enter});
  EXPECT_EQ(done(), (Lines{"one", "//bye", "three"}));
}

TEST_F(TypedLine, IsDroppedByControlCAndLeftByTwoMore) {
  type("never mind");
  control('C');
  EXPECT_EQ(row(), "> ");
  control('C');
  EXPECT_EQ(line_.hint(80), "press ^C again to leave the talk");
  EXPECT_EQ(done(), Lines{});
  control('C');
  EXPECT_EQ(done(), Lines{"QUIT"});
}

// While the other side took nothing, each Enter only made the line longer: `/bye` became a part of
// it, and of a full line not even ^C was read.
TEST_F(TypedLine, IsObeyedWhileTheOtherSideTakesNothing) {
  line_.unsent().listen(false);
  enter("waits");
  EXPECT_EQ(done(), Lines{});
  EXPECT_EQ(line_.hint(80), kNotSentYet);
  enter("/bye");
  EXPECT_EQ(done(), Lines{"/bye"});
  type(std::string(kMaxText, 'x'));
  control('C');
  control('C');
  control('C');
  EXPECT_EQ(done(), Lines{"QUIT"});
  control('D');
  EXPECT_EQ(done(), Lines{});
  line_.unsent().listen(true);
  line_.unsent().release(inputs_);
  EXPECT_EQ(done(), (Lines{"waits", "END"}));
  EXPECT_EQ(line_.hint(80), "");
}

TEST_F(TypedLine, StaysWhereNothingMoreCanWait) {
  line_.unsent().listen(false);
  const std::string page(kMaxText - 100, 'p');
  while (line_.unsent().has_room()) enter(page);
  enter("kept");
  EXPECT_EQ(row(), "> kept");
  EXPECT_EQ(line_.hint(80), kNotSentYet);
  EXPECT_EQ(done(), Lines{});
}

TEST_F(TypedLine, ThatDoesNotFitIsNotTakenAndThatIsSaid) {
  press({Code::paste, std::string(kMaxText + 1, 'x')});
  EXPECT_EQ(row(), "> ");
  EXPECT_NE(line_.hint(80).find("not taken"), std::string::npos);
}

// A block from a clipboard was one Enter away from being sent, and nothing said so.
TEST_F(TypedLine, APasteSaysHowManyLinesItHasAndHowToDropThem) {
  press({Code::paste, "one\ntwo\nthree\n"});
  EXPECT_EQ(line_.hint(80), "3 lines: Enter sends them, ^U drops them");
  press({Code::left});
  press({Code::up});
  press({Code::down});
  press({Code::home});
  EXPECT_EQ(line_.hint(80), "3 lines: Enter sends them, ^U drops them");
  control('U');
  EXPECT_EQ(row(), "> ");
  EXPECT_EQ(line_.hint(80), "");
  press({Code::enter});
  EXPECT_EQ(done(), Lines{"NUDGE"});
  control('Y');
  EXPECT_EQ(line_.hint(80), "3 lines: Enter sends them, ^U drops them");
}

TEST_F(TypedLine, TabListsWhatFitsAndSaysHowManyMore) {
  type("/");
  press({Code::tab});
  EXPECT_EQ(line_.hint(200).find(" more"), std::string::npos) << line_.hint(200);
  EXPECT_EQ(line_.hint(80),
            "help send accept refuse cancel transfers files get find clear who bye");
  EXPECT_EQ(line_.hint(40), "help  send  accept  and 9 more");
  EXPECT_TRUE(line_.hint(10).starts_with("help  and 11 more"));
}

TEST_F(TypedLine, IsFoundAgain) {
  for (const char* const line : {"first", "second", "third"}) enter(line);
  done();
  control('R');
  type("sec");
  EXPECT_EQ(row(), "search 'sec': second");
  press({Code::enter});
  EXPECT_EQ(row(), "> second");
  EXPECT_EQ(done(), Lines{});
}

}  // namespace
}  // namespace talk
