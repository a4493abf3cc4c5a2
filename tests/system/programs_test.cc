// What every program answers about itself, and how those that persons start take their words.
#include <gtest/gtest.h>

#include <filesystem>

#include "common/posix/program.h"
#include "tests/support/peer.h"
#include "tests/support/process.h"
#include "tests/support/temp_dir.h"

namespace talk::test {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> programs() {
  std::vector<fs::path> found;
  for (const auto& file : fs::directory_iterator(fs::path(program("talk_server")).parent_path()))
    if (file.is_regular_file()) found.push_back(file.path());
  return found;
}

std::string answer_of(const std::string& path, const std::string& option) {
  Process process({path, option});
  EXPECT_EQ(process.exit_code(), 0) << path << " " << option << process.err();
  EXPECT_EQ(process.err(), "") << path << " " << option;
  return process.out();
}

TEST(Programs, AllSayWhatTheyAreForAndOfWhichVersion) {
  EXPECT_GE(programs().size(), 11u);
  for (const fs::path& path : programs()) {
    const std::string name = path.filename();
    const std::string help = answer_of(path, "--help");
    EXPECT_TRUE(help.starts_with("Usage: " + name)) << help;
    EXPECT_EQ(answer_of(path, "-h"), help);
    EXPECT_EQ(answer_of(path, "--version"), name + " " + std::string(kVersion) + "\n");
    EXPECT_EQ(answer_of(path, "-V"), name + " " + std::string(kVersion) + "\n");
  }
}

TEST(Programs, OptionsMayStandBehindHostAndPort) {
  const TempDir here;
  const Server server({"--terminal", "none", "--name", "prof"}, here.path());
  const std::string port = std::to_string(server.port());
  const std::vector<std::vector<std::string>> ways = {
      {"127.0.0.1", port, "-n", "alice"},
      {"-n", "alice", "127.0.0.1", port},
      {"127.0.0.1", "--name=alice", port, "--plain"},
      {"127.0.0.1:" + port, "-n", "alice"},
      {"talk://127.0.0.1:" + port + "/", "-nalice"},
      {"-n", "alice", "--", "127.0.0.1", port},
  };
  for (std::vector<std::string> words : ways) {
    words.insert(words.begin(), program("talk_client"));
    Process caller(words);
    caller.type("hello\n");
    caller.end_input();
    EXPECT_EQ(caller.exit_code(), 0) << words[1] << caller.err();
    EXPECT_NE(caller.err().find("connected to <prof>"), std::string::npos) << caller.err();
  }
}

// Started without stderr, the client's monitor took its own end of their channel for it, and the
// client waited for it to end for ever; without stdout, output went into a socket.
TEST(Programs, NothingTakesThePlaceOfAStreamThatIsClosed) {
  const TempDir directory;
  const std::string in = directory / "in";
  fs::create_directory(in);
  write_file(directory / "notes", "notes\n");
  Server server({"--terminal", "none"}, in);
  const std::string port = std::to_string(server.port());
  const auto exit_code = [&](const std::string& command) {
    Process shell({"sh", "-c", command, program("talk_client"), directory / "notes", port});
    return shell.exit_code(seconds(60)).value_or(-1);
  };
  EXPECT_EQ(exit_code("\"$0\" --send \"$1\" 127.0.0.1 \"$2\" 2>&-"), 0);
  EXPECT_EQ(read_file(in + "/notes"), "notes\n");
  EXPECT_EQ(exit_code("\"$0\" --send \"$1\" 127.0.0.1 \"$2\" <&- >&- 2>&-"), 0);
  EXPECT_EQ(Process({program("talk_desk"), port, "list", "--json"}).exit_code(), 0);
  Process list({"sh", "-c", "\"$0\" \"$1\" list --json >&-", program("talk_desk"), port});
  EXPECT_EQ(list.exit_code(), 1);
}

// A service's name where nobody serves: what was understood, its number, is in the message.
TEST(Programs, AServicesNameIsAPort) {
  Process caller({program("talk_client"), "127.0.0.1", "tcpmux"});
  EXPECT_EQ(caller.exit_code(), 3);
  EXPECT_TRUE(caller.err().starts_with("ERROR: connect to 127.0.0.1 port 1: ")) << caller.err();
  Process server({program("talk_server"), "http"});
  EXPECT_EQ(server.exit_code(), 2);
  EXPECT_NE(server.err().find("PORT must be a whole number from 0 to 65535, or unix:PATH"),
            std::string::npos)
      << server.err();
}

}  // namespace
}  // namespace talk::test
