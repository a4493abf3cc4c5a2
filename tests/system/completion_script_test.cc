// What the programs print for shells to complete their command lines, read by those shells.
#include <gtest/gtest.h>

#include <fstream>

#include "tests/support/process.h"
#include "tests/support/temp_dir.h"

namespace talk::test {
namespace {

std::string output_of(const std::vector<std::string>& command) {
  Process process(command);
  process.end_input();
  EXPECT_EQ(process.exit_code(), 0) << command.front() << ": " << process.err();
  EXPECT_EQ(process.err(), "");
  return process.out();
}

// The script of `name`, in a file.
std::string script(const TempDir& dir, const std::string& name, const std::string& shell) {
  const std::string path = dir.path() / (name + "." + shell);
  std::ofstream(path) << output_of({program(name), "--completion", shell});
  return path;
}

const char* const kPrograms[] = {"talk_client", "talk_server", "talk_desk"};

TEST(CompletionScript, BashOffersOptionsAndWords) {
  const TempDir dir;
  const struct {
    const char* name;
    const char* words;
    int at;
    const char* offered;
  } kTable[] = {
      {"talk_client", "talk_client --com", 1, "--commands --completion "},
      {"talk_client", "talk_client --completion b", 2, "bash "},
      {"talk_client", "talk_client --completion = f", 3, "fish "},
      {"talk_server", "talk_server --max-s", 1, "--max-sessions "},
      {"talk_desk", "talk_desk c", 1, "close "},
  };
  for (const auto& row : kTable) {
    const std::string command = ". " + script(dir, row.name, "bash") + "; COMP_WORDS=(" +
                                row.words + "); COMP_CWORD=" + std::to_string(row.at) + "; _" +
                                row.name + "; printf '%s ' \"${COMPREPLY[@]}\"";
    EXPECT_EQ(output_of({"/bin/bash", "-c", command}), row.offered) << row.words;
  }
}

TEST(CompletionScript, FishOffersOptionsWithTheirSentences) {
  const TempDir dir;
  const std::string complete =
      "source " + script(dir, "talk_client", "fish") + "; complete -C 'talk_client --comm'";
  EXPECT_EQ(output_of({"/usr/bin/fish", "--no-config", "-c", complete}),
            "--commands\tobey / commands also from a pipe\n");
}

TEST(CompletionScript, EveryShellReadsEveryProgramsScript) {
  const TempDir dir;
  for (const char* const name : kPrograms) {
    for (const char* const shell : {"bash", "zsh", "fish"})
      EXPECT_EQ(output_of({std::string("/usr/bin/") + shell, "-n", script(dir, name, shell)}), "");
  }
}

}  // namespace
}  // namespace talk::test
