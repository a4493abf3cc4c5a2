// What the command line of talk_client asks for.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/posix/clock.h"

namespace talk {

struct ClientOptions {
  enum class Task { talk, help, version };
  Task task = Task::talk;
  std::string host;
  std::string port;  // checked: 1 to 65535
  std::string name;  // empty: the login name
  std::vector<std::string> send;
  std::vector<std::string> get;
  std::string directory = ".";
  bool accept = false;
  bool commands = false;
  bool raw = false;
  seconds retry{60};
  seconds timeout{10};
  std::optional<bool> split;  // unset: where the terminal is capable

  bool batch() const { return !send.empty() || !get.empty(); }
};

// Throws UsageError.
ClientOptions parse_client_options(const std::vector<std::string>& arguments);

extern const char* const kClientHelp;

}  // namespace talk
