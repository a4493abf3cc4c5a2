// Starts the process of a session by the handler contract: the handler, or the terminal around it,
// with the visitor's connection and an environment that says who called (UCSPI).
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "common/posix/address.h"
#include "common/posix/spawn.h"
#include "talk_server/window/terminal.h"

namespace talk {

class Launcher {
 public:
  // What of the listener's own environment a session is given.
  enum class Inherited {
    all,
    named,  // what common/confine/environment.h names
  };

  // `handler` is an absolute path. `settings` are TALK_* variables, "NAME=value", the same for all.
  // `looker`: talk_window, where a visitor who calls again is to get no window; may be empty.
  // `log` is the sessions' standard error, and stays the caller's.
  Launcher(const Terminal& terminal, std::string handler, Inherited inherited,
           std::vector<std::string> settings, const std::string& looker, int log);

  struct Visitor {
    int socket = -1;
    std::uint64_t session = 0;
    Address local;
    Address remote;
  };

  bool can_look() const { return !looker_.empty(); }
  // Starts a process that hands the visitor over where that is one who calls again, and turns it
  // away otherwise, with exit code 1. Throws as start() does.
  pid_t look(const Visitor& visitor) const;

  // Starts a session and returns its process. The caller keeps, and closes, its socket. May be
  // called in several threads at once. Throws std::system_error or std::runtime_error where the
  // program cannot be started; with a window the handler is checked first, for a terminal whose
  // program is missing would start a shell with the visitor's connection.
  pid_t start(const Visitor& visitor) const;

 private:
  Spawner spawner_{Spawner::Group::own};
  bool window_;
  std::string handler_;
  std::string terminal_;                  // its path
  std::string looker_;                    // talk_window's; may be empty
  std::string program_;                   // that, or the looker's or the handler's
  std::vector<std::string> arguments_;    // all but the descriptor's number
  std::vector<std::string> environment_;  // all but what is a visitor's own
  int log_;
};

// Throws std::runtime_error where `path` is no program that could be started.
void check_program(const std::string& path);

}  // namespace talk
