// Where a session waits for the program of its window, where that is no descendant of the listener:
// a Unix socket in a private directory, over which the connection is then sent (pass_descriptor.h).
#pragma once

#include <filesystem>
#include <string>

#include "common/posix/owned_fd.h"

namespace talk {

class HandOverSocket {
 public:
  // Throws std::system_error.
  HandOverSocket();
  // Removes the directory and what is in it.
  ~HandOverSocket();
  HandOverSocket(const HandOverSocket&) = delete;
  HandOverSocket& operator=(const HandOverSocket&) = delete;

  // For the other process, which connects there; only this user's processes can.
  const std::string& path() const { return path_; }
  // Can be read once it is there.
  int fd() const { return listening_.get(); }
  // Its connection. Throws std::system_error.
  OwnedFd accept() const;

 private:
  std::filesystem::path directory_;
  std::string path_;
  OwnedFd listening_;
};

}  // namespace talk
