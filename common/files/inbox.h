// The directory where received files go: kept open, so that it stays the same one whatever happens
// to its name.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <set>
#include <string>

#include "common/posix/owned_fd.h"

namespace talk {

class Inbox {
 public:
  // Throws std::system_error. In the main thread and before others start: it looks at the umask.
  explicit Inbox(const std::string& directory);

  int fd() const { return directory_.get(); }
  mode_t file_mode() const { return file_mode_; }  // of a finished file

  // Sets `bytes` aside for a file that is to be written into `directory`. Throws std::system_error
  // (ENOSPC) where they, what else is set aside, and a margin do not fit.
  void reserve(int directory, std::uint64_t bytes);
  // Gives back what was written or is no longer wanted.
  void release(std::uint64_t bytes) { reserved_ -= bytes; }

  // The partial files that this process is writing, by path; in the worker's thread only.
  std::set<std::string> in_use;

  // Removes partial files that were last written a week before `now` and are not in use. Returns
  // the bytes of those that stay.
  std::uint64_t sweep(std::chrono::system_clock::time_point now) const;

 private:
  OwnedFd directory_;
  mode_t file_mode_;
  std::atomic<std::uint64_t> reserved_ = 0;
};

}  // namespace talk
