// Where this server listens: sockets that it opens itself, or that whoever started it passes on.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "common/posix/address.h"
#include "common/posix/owned_fd.h"
#include "talk_server/socket_file.h"

namespace talk {

struct ListeningSockets {
  std::vector<OwnedFd> sockets;  // at least one; close-on-exec and non-blocking
  std::unique_ptr<SocketFile> file;

  std::vector<Address> addresses() const;
};

// `passed` are used where there are any; else `path` is listened at where it is not empty; else
// `port` of `bind`. Throws std::runtime_error.
ListeningSockets open_listening_sockets(std::vector<OwnedFd> passed, const std::string& path,
                                        const std::string& bind, std::uint16_t port);

}  // namespace talk
