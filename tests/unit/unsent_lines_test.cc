// Words that wait for the other side, and what does not wait behind them.
#include "common/screen/unsent_lines.h"

#include <gtest/gtest.h>

namespace talk {
namespace {

std::vector<std::string> lines_of(const std::vector<Input>& inputs) {
  std::vector<std::string> lines;
  for (const Input& input : inputs)
    lines.push_back(input.kind == Input::Kind::end ? "END" : input.line);
  return lines;
}

using Lines = std::vector<std::string>;

TEST(UnsentLines, GoAtOnceWhileTheyAreTaken) {
  UnsentLines unsent;
  std::vector<Input> inputs;
  unsent.say({Input::Kind::line, "one"}, inputs);
  unsent.obey("/who", inputs);
  unsent.say({Input::Kind::end, {}}, inputs);
  EXPECT_EQ(lines_of(inputs), (Lines{"one", "/who", "END"}));
  EXPECT_FALSE(unsent.waiting());
}

TEST(UnsentLines, CommandsOvertakeThemAndTheEndDoesNot) {
  UnsentLines unsent;
  unsent.listen(false);
  std::vector<Input> inputs;
  unsent.say({Input::Kind::line, "one"}, inputs);
  unsent.say({Input::Kind::end, {}}, inputs);
  EXPECT_TRUE(inputs.empty());
  unsent.obey("/who", inputs);
  EXPECT_EQ(lines_of(inputs), Lines{"/who"});
  EXPECT_FALSE(unsent.due());
  inputs.clear();
  unsent.listen(true);
  EXPECT_TRUE(unsent.due());
  unsent.release(inputs);
  EXPECT_EQ(lines_of(inputs), (Lines{"one", "END"}));
}

// Four mebibytes at once would burst the queue to the peer and end the talk.
TEST(UnsentLines, GoInSharesAndInTheirOrder) {
  UnsentLines unsent;
  unsent.listen(false);
  std::vector<Input> inputs;
  Lines said;
  for (int i = 0; unsent.has_room(); ++i) {
    said.push_back(std::to_string(i) + std::string(1000, 'x'));
    unsent.say({Input::Kind::line, said.back()}, inputs);
  }
  EXPECT_GT(said.size(), UnsentLines::kMostBytes / 2000);
  EXPECT_TRUE(inputs.empty());
  while (unsent.waiting()) {
    unsent.listen(true);
    const std::size_t before = inputs.size();
    unsent.release(inputs);
    EXPECT_LE(inputs.size() - before, 65u);
    ASSERT_GT(inputs.size(), before);
  }
  EXPECT_EQ(lines_of(inputs), said);
}

}  // namespace
}  // namespace talk
