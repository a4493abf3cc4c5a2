// A real program started by a test, with pipes or a terminal at its ends; gone when the test is.
#pragma once

#include <sys/types.h>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/posix/owned_fd.h"
#include "tests/support/wait_until.h"

namespace talk::test {

class Process {
 public:
  struct Options {
    std::map<std::string, std::string> environment = {};  // added to the test's own
    std::string directory = {};                           // empty: the test's own
    bool terminal = false;  // stdin, stdout and stderr are a new terminal of 80 by 24
    int keep_fd = -1;       // a descriptor that the program inherits under its own number
    std::vector<std::string> unset = {};     // taken out of the environment
    std::vector<int> ignored_signals = {};   // ignored, as a careless parent leaves them
    std::optional<std::size_t> descriptors;  // RLIMIT_NOFILE
  };

  // Throws std::system_error where the program cannot be started.
  explicit Process(const std::vector<std::string>& command) : Process(command, Options{}) {}
  Process(const std::vector<std::string>& command, const Options& options);
  // Kills what is still there, with its process group.
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  pid_t pid() const { return pid_; }

  void type(std::string_view bytes);  // to its standard input
  void end_input();                   // closes it (at a terminal: ^D)

  // All that was read so far.
  const std::string& out() { return collect(), out_; }
  const std::string& err() { return collect(), err_; }  // at a terminal everything is in out()
  // True once the output holds `part`; false at the deadline, and once the output has ended.
  bool says(const std::string& part, milliseconds patience = kPatience);
  bool complains(const std::string& part, milliseconds patience = kPatience);

  void signal(int number);
  // The exit code, or minus the signal that ended it; nothing at the deadline.
  std::optional<int> exit_code(milliseconds patience = kPatience);
  void resize(int columns, int rows);
  void hang_up();  // its terminal is taken away, as when a window is closed

 private:
  void collect();

  pid_t pid_ = -1;
  OwnedFd in_;
  OwnedFd out_end_;
  OwnedFd err_end_;
  bool terminal_ = false;
  std::string out_;
  std::string err_;
  std::optional<int> exit_code_;
};

// The absolute path of one of the programs under test (in TALK_BIN, or of this build).
std::string program(const std::string& name);

// A talk_server on loopback, port 0, that listens when the constructor returns. At the end it is
// asked to stop first, so that its sessions, which have process groups of their own, go with it.
class Server {
 public:
  explicit Server(const std::vector<std::string>& options, const std::string& directory = ".",
                  const Process::Options& process = {});
  ~Server();
  int port() const { return port_; }
  bool logs(const std::string& part) { return process_.complains(part); }
  const std::string& log() { return process_.err(); }
  // The process that was started for a session, as the log has it.
  pid_t session_process(int session);
  Process& process() { return process_; }

 private:
  Process process_;
  int port_ = 0;
};

}  // namespace talk::test
