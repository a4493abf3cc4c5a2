// What systemd and its like say to a service that they start, and are told by it: sockets that
// listen already (sd_listen_fds(3)), and the words READY=1 and STOPPING=1 (sd_notify(3)). Spoken by
// hand; without such a manager nothing of it happens.
#pragma once

#include <string>
#include <vector>

#include "common/posix/owned_fd.h"

namespace talk {

// The sockets in LISTEN_FDS, where LISTEN_PID says that they are for this process; close-on-exec
// and non-blocking from here on. The variables are taken out of the environment, so that no handler
// takes them for its own. Throws std::runtime_error for one that is not listening.
std::vector<OwnedFd> take_passed_sockets();

class ServiceManager {
 public:
  // Takes NOTIFY_SOCKET out of the environment: the handlers are not to speak for the service.
  ServiceManager();

  // Never waits; a manager that cannot be told is no reason to fail.
  void ready(const std::string& status) const { tell("READY=1\nSTATUS=" + status); }
  void stopping() const { tell("STOPPING=1\nSTATUS=stopping"); }

 private:
  void tell(const std::string& state) const;

  std::string path_;  // empty: there is none; '@' in front: a name in the abstract namespace
};

}  // namespace talk
