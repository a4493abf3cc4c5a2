// A Unix socket at a path that visitors know: only this user may call it, what a killed server left
// there is replaced, and it goes with the server.
#pragma once

#include <sys/types.h>

#include <string>

#include "common/posix/owned_fd.h"

namespace talk {

class SocketFile {
 public:
  // Listens at `path`, mode 0600; the socket is close-on-exec and non-blocking. Throws
  // std::system_error: EADDRINUSE where a living server listens there, EEXIST where something else
  // than a socket is there.
  explicit SocketFile(const std::string& path);
  // Takes the file away, unless it is another's by now.
  ~SocketFile();
  SocketFile(const SocketFile&) = delete;
  SocketFile& operator=(const SocketFile&) = delete;

  // Once.
  OwnedFd take_socket() { return std::move(socket_); }

 private:
  std::string path_;
  OwnedFd socket_;
  dev_t device_ = 0;
  ino_t inode_ = 0;
};

}  // namespace talk
