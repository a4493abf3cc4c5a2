// Asks a process at its control socket (control_socket.h), one request at a time, and never waits
// for the answer. Driven by the caller's wait.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>

#include "common/posix/owned_fd.h"
#include "common/posix/wait_set.h"

namespace talk {

class ControlClient {
 public:
  // Throws std::system_error where nobody listens, and with EAGAIN where one does that has taken
  // nobody for long.
  explicit ControlClient(const std::string& path);

  // Whose socket it is; also of a process that has been stopped.
  std::optional<pid_t> process() const { return process_; }

  void ask(std::string_view request);  // one line; not while asking()
  bool asking() const { return asking_; }
  bool ended() const { return ended_; }

  void prepare(WaitSet& wait) const;
  // The answer, once it has come whole.
  std::optional<std::string> turn(const WaitSet& wait);

 private:
  void send();

  OwnedFd socket_;
  std::optional<pid_t> process_;
  std::string request_;
  std::string answer_;
  bool asking_ = false;
  bool ended_ = false;
};

}  // namespace talk
