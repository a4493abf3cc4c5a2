// The one place that starts processes, with the whole checklist of what a handler inherits: exactly
// one descriptor besides the standard three, default signals, a process group of its own, and the
// environment of the handler contract.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "common/posix/address.h"

namespace talk {

class Launcher {
 public:
  // `terminal` stands before the handler's absolute path; empty: no window, and standard input and
  // output are /dev/null. `settings` are TALK_* variables, "NAME=value", the same for all.
  Launcher(std::vector<std::string> terminal, std::string handler,
           std::vector<std::string> settings);

  struct Visitor {
    int socket = -1;
    std::uint64_t session = 0;
    Address local;
    Address remote;
  };

  // Starts the handler and returns its process. The caller keeps, and closes, its socket. Throws
  // std::system_error where the program cannot be started, the handler having been checked first:
  // a terminal whose program is missing would start a shell with the visitor's connection.
  pid_t start(const Visitor& visitor) const;

 private:
  std::vector<std::string> arguments_;
  std::string handler_;
  bool window_;
  std::vector<std::string> environment_;
};

// Throws std::runtime_error where `path` is no program that could be started.
void check_program(const std::string& path);

// What this process itself inherited beyond the standard three is not handed on.
void close_on_exec_from(int lowest);

}  // namespace talk
