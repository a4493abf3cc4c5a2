// What README.md says of options, commands, files and targets; its commands are run by the
// desktop's tests.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <regex>
#include <set>

#include "common/text/command.h"
#include "talk_client/clinic/options.h"
#include "talk_client/options.h"
#include "talk_server/board/options.h"
#include "talk_server/options.h"
#include "tests/support/readme.h"
#include "tests/support/temp_dir.h"

namespace talk {
namespace {

// All matches of the first group.
std::vector<std::string> found(const std::string& text, const std::string& pattern) {
  const std::regex expression(pattern);
  std::vector<std::string> matches;
  for (std::sregex_iterator at(text.begin(), text.end(), expression), end; at != end; ++at)
    matches.push_back((*at)[1].str());
  return matches;
}

std::set<std::string> options_of_all_programs() {
  ServerOptions server;
  ClientOptions client;
  BoardOptions board;
  clinic::ClinicOptions examination;
  std::set<std::string> names;
  for (const OptionTable& table :
       {server_option_table(server), client_option_table(client), board_option_table(board),
        clinic::clinic_option_table(examination)})
    for (const Option& option : all_options(table)) names.insert(option.name);
  return names;
}

// Words of ours; what stands behind another program's name is that program's.
std::string own_words() {
  std::string words;
  for (const std::string& span : test::readme_spans())
    if (!std::regex_search(span, std::regex("^(systemctl|awk) "))) words += span + "\n";
  for (const std::string& line : test::readme_shell_lines()) words += line + "\n";
  return words;
}

TEST(Readme, NamesNoOptionThatThereIsNot) {
  const std::set<std::string> known = options_of_all_programs();
  const std::vector<std::string> named = found(own_words(), "(?:^|\\s)--([a-z][a-z-]*)");
  EXPECT_GT(named.size(), 20u);
  for (const std::string& option : named) EXPECT_EQ(known.count(option), 1u) << "--" << option;
}

TEST(Readme, NamesNoCommandThatThereIsNotAndAllThatThereAre) {
  const std::vector<std::string> known = command_names();
  std::set<std::string> named;
  for (const std::string& name : found(own_words(), "(?:^|\n)/([a-z]+)(?=[ \n])"))
    if (name != "usr") named.insert(name);
  EXPECT_EQ(named, std::set<std::string>(known.begin(), known.end()));
}

TEST(Readme, NamesNoFileThatThereIsNot) {
  const std::string pattern =
      "(?:^|\\s)((?:common|talk_server|server_handler|talk_client|tests)/[a-z0-9_./-]*)";
  const std::vector<std::string> named = found(own_words(), pattern);
  EXPECT_GT(named.size(), 15u);
  for (const std::string& path : named) EXPECT_TRUE(std::filesystem::exists(path)) << path;
  for (const std::string& path : found(test::readme_text(), "\\]\\(([a-z0-9_./-]+)\\)"))
    EXPECT_TRUE(std::filesystem::exists(path)) << "a picture: " << path;
}

// In the table of where things are.
TEST(Readme, NamesEveryRoom) {
  const std::string text = test::readme_text();
  for (const auto& room : std::filesystem::directory_iterator("common"))
    EXPECT_NE(text.find("`" + room.path().string() + "/`"), std::string::npos) << room.path();
}

TEST(Readme, NamesNoTargetThatThereIsNot) {
  const std::string rules = test::read_file("Makefile") + test::read_file("tests/more.mk") +
                            test::read_file("tests/bench/bench.mk");
  const std::vector<std::string> named = found(own_words(), "(?:^|\n|sudo |&& )make ([a-z-]+)");
  EXPECT_GT(named.size(), 10u);
  for (const std::string& target : named)
    EXPECT_TRUE(std::regex_search(rules, std::regex("(^|\n)" + target + "( [a-z-]+)*:"))) << target;
}

TEST(Readme, ShowsTheExampleThatIsTested) {
  const std::string file = test::read_file("tests/examples/greeter.py");
  EXPECT_EQ(test::readme_block("python"), std::regex_replace(file, std::regex("\n# [^\n]*"), ""));
}

}  // namespace
}  // namespace talk
