#include "tests/support/desk.h"

#include <vector>

#include "tests/support/paper.h"

namespace talk::test {

std::unique_ptr<Process> open_window(FakeServer& door,
                                     const std::map<std::string, std::string>& environment) {
  const OwnedFd connection = door.accept();
  const std::string fd = std::to_string(connection.get());
  Process::Options options;
  options.terminal = true;
  options.keep_fd = connection.get();
  options.environment = environment;
  options.environment.insert(
      {{"TALK_NAME", "prof"}, {"TALK_SCREEN", "plain"}, {"TERM", "unknown"}, {"TALK_LINGER", "0"}});
  return std::make_unique<Process>(std::vector<std::string>{program("server_handler"), fd},
                                   options);
}

void wait_for_prompt(Process& window) {
  wait_until([&] {
    return Paper(window.out()).last().ends_with(">") || window.exit_code(milliseconds(0));
  });
}

}  // namespace talk::test
