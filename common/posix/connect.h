// Calling a server.
#pragma once

#include <string>

#include "common/posix/clock.h"
#include "common/posix/owned_fd.h"

namespace talk {

// Connects to `host` (a name or an address) and `port`, trying each address of the host in turn;
// the timeout is for all of them together. The socket is close-on-exec and blocking. Throws
// std::runtime_error with the last reason.
OwnedFd connect_to(const std::string& host, const std::string& port, milliseconds timeout);

}  // namespace talk
