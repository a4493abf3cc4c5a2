// The one place that starts processes, with the whole checklist of what a handler inherits: exactly
// one descriptor besides the standard three, default signals, a process group of its own, and the
// environment of the handler contract.
#pragma once

#include <spawn.h>
#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "common/posix/address.h"

namespace talk {

class Launcher {
 public:
  // `terminal` stands before the handler's absolute path; empty: no window. `settings` are TALK_*
  // variables, "NAME=value", the same for all.
  Launcher(std::vector<std::string> terminal, std::string handler,
           std::vector<std::string> settings);
  ~Launcher();
  Launcher(const Launcher&) = delete;
  Launcher& operator=(const Launcher&) = delete;

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
  posix_spawnattr_t attributes_;
};

// Throws std::runtime_error where `path` is no program that could be started.
void check_program(const std::string& path);

// What this process itself inherited beyond the standard three is not handed on.
void close_on_exec_from(int lowest);

// Opens those of the standard three that the process was started without, so that no visitor's
// connection becomes one of them.
void fill_standard_streams();

// From here on standard input and output are /dev/null, for this process and, by inheritance, for
// what it starts: a session must not hold the pipe that somebody reads the listener's port from.
void leave_standard_streams();

}  // namespace talk
