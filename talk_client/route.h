// The one way by which this program reaches its server: every call, the first as well as those
// after a link that broke, is made here.
#pragma once

#include <string>

#include "common/posix/clock.h"
#include "common/posix/owned_fd.h"
#include "talk_client/options.h"

namespace talk {

class Route {
 public:
  // Throws UsageError where the port is the name of a service that nobody knows.
  explicit Route(const ClientOptions& options);

  // Calls the server, and gives up after --timeout. The socket is close-on-exec and blocking.
  // Throws std::runtime_error that says what was to be reached and why it was not;
  // std::system_error where the reason is an errno.
  OwnedFd open();

  // The server in messages: "desk port 1234", "unix:/run/talk".
  std::string place() const { return address_.place(); }

  // Who is at the other end of a connection that open() made, for the screen: an IP address, or
  // what the person called it by where there is none.
  std::string peer(int socket) const;

 private:
  ServerAddress address_;
  seconds timeout_;
};

}  // namespace talk
