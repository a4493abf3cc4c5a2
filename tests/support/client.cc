#include "tests/support/client.h"

#include "tests/support/process.h"

namespace talk::test {

std::vector<std::string> client(int port, const std::vector<std::string>& options) {
  std::vector<std::string> command = {program("talk_client"), "--name", "alice"};
  command.insert(command.end(), options.begin(), options.end());
  command.insert(command.end(), {"127.0.0.1", std::to_string(port)});
  return command;
}

std::string shell_client(int port, const std::string& options) {
  return program("talk_client") + " --name alice " + options + " 127.0.0.1 " + std::to_string(port);
}

}  // namespace talk::test
