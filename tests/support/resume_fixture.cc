#include "tests/support/resume_fixture.h"

#include <algorithm>
#include <filesystem>
#include <sstream>

namespace talk::test {

Process::Options ResumeFixture::environment() const {
  Process::Options options;
  options.environment["XDG_RUNTIME_DIR"] = runtime.path();
  return options;
}

void ResumeFixture::serve(std::vector<std::string> options) {
  options.insert(options.begin(), {"--terminal", "none", "--name", "prof", "--transcripts",
                                   transcripts.path().string()});
  server = std::make_unique<Server>(options, files.path(), environment());
}

std::vector<std::string> ResumeFixture::heard() const {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(transcripts.path()))
    paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  std::vector<std::string> lines;
  const std::string mark = " <alice> ";
  for (const auto& path : paths) {
    std::istringstream transcript(read_file(path));
    for (std::string line; std::getline(transcript, line);)
      if (const auto at = line.find(mark); at != line.npos && at == line.find(' '))
        lines.push_back(line.substr(at + mark.size()));
  }
  return lines;
}

bool ResumeFixture::has_heard(int last) const {
  return wait_until([&] { return heard() == numbered(last); });
}

int ResumeFixture::say(const std::string& session, const std::string& text) const {
  Process desk({program("talk_desk"), "say", session, text}, environment());
  return desk.exit_code().value_or(-1);
}

bool ResumeFixture::board_says(const std::string& part) const {
  return wait_until([&] {
    Process desk({program("talk_desk"), "list", "--json"}, environment());
    desk.exit_code();
    return desk.out().find(part) != std::string::npos;
  });
}

std::vector<std::string> numbered(int last) {
  std::vector<std::string> lines;
  for (int i = 1; i <= last; ++i) lines.push_back("line " + std::to_string(i));
  return lines;
}

}  // namespace talk::test
