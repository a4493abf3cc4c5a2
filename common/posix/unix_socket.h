// Stream sockets between processes of one machine, known by a path. On Linux a path that begins
// with a NUL is a name in the abstract namespace, which has no files.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

#include "common/posix/clock.h"
#include "common/posix/owned_fd.h"

namespace talk {

// Both return a close-on-exec, blocking socket and throw std::system_error.
OwnedFd listen_at_path(const std::string& path, int backlog);
OwnedFd connect_to_path(const std::string& path);

// As connect_to_path(), but where more wait there already than fit it waits for its turn no longer
// than that: ETIMEDOUT.
OwnedFd connect_to_path(const std::string& path, milliseconds timeout);

// As connect_to_path(), but never waits: EAGAIN where more wait there already than fit. The socket
// is non-blocking.
OwnedFd connect_now(const std::string& path);

// Whether a process has a stream socket bound at `path`; it notices nothing of being asked. Throws
// std::system_error.
bool is_bound(const std::string& path);

// Who is at the other end: whoever connected, or whoever listens there (also one who has stopped).
struct UnixPeer {
  uid_t user = 0;
  std::optional<pid_t> process;  // where the system says it
};
// Nothing where the system says nothing.
std::optional<UnixPeer> unix_peer(int socket);

}  // namespace talk
