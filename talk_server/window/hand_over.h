// Hands a descriptor and a few words to a process that is no relative (SCM_RIGHTS over a socket in
// a private directory).
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "common/posix/clock.h"
#include "common/posix/owned_fd.h"

namespace talk {

// A door that one process of the same user may come through.
class Door {
 public:
  Door();   // throws std::system_error
  ~Door();  // nothing of it is left
  Door(const Door&) = delete;
  Door& operator=(const Door&) = delete;

  const std::string& path() const { return path_; }
  // Waits for the other process. Throws std::runtime_error at the deadline.
  OwnedFd open(milliseconds patience) const;

 private:
  std::filesystem::path directory_;
  std::string path_;
  OwnedFd listening_;
};

OwnedFd knock(const std::string& path);

struct Parcel {
  OwnedFd descriptor;
  std::vector<std::string> words;  // none holds a NUL
};
void hand_over(int connection, int descriptor, const std::vector<std::string>& words);
Parcel take_over(int connection);

}  // namespace talk
