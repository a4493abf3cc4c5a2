// Stream sockets between processes of one machine, known by a path. On Linux a path that begins
// with a NUL is a name in the abstract namespace, which has no files.
#pragma once

#include <string>

#include "common/posix/owned_fd.h"

namespace talk {

// Both return a close-on-exec, blocking socket and throw std::system_error.
OwnedFd listen_at_path(const std::string& path, int backlog);
OwnedFd connect_to_path(const std::string& path);

}  // namespace talk
