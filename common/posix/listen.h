// Opening the listening socket.
#pragma once

#include <cstdint>
#include <string>

#include "common/posix/owned_fd.h"

namespace talk {

// Listens on `port` (0: the system chooses) of `bind_address`, or where that is empty of every
// interface, IPv6 and IPv4 on one socket (IPv4 alone where the machine has no IPv6). The socket
// is close-on-exec and non-blocking. Throws std::runtime_error.
OwnedFd listen_on(const std::string& bind_address, std::uint16_t port);

}  // namespace talk
