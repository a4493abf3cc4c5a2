// The directory where received files go, and what of its file system one session may take: kept
// open, so that it stays the same one whatever happens to its name.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "common/files/part_names.h"
#include "common/posix/clock.h"
#include "common/posix/owned_fd.h"

namespace talk {

class Inbox {
 public:
  // Throws std::system_error.
  explicit Inbox(const std::string& directory);

  int fd() const { return directory_.get(); }

  // The path that a file of that path would get now: its own, or -2, -3… where that exists.
  std::string free_name(std::vector<std::string> parts) const;

  // Before a file is made: throws std::runtime_error where there would be too many.
  void admit_file();
  // So many files and directories were made.
  void made(std::size_t count) { made_ += count; }

  // Sets `bytes` aside for a file that is to be written into `directory`. Where they, what else is
  // set aside, and a margin do not fit, parts of files that nobody uses are given up, the oldest
  // first; throws std::system_error (ENOSPC) where that is not enough.
  void reserve(int directory, std::uint64_t bytes);
  // Gives back what was written or is no longer wanted.
  void release(std::uint64_t bytes) { reserved_ -= bytes; }

  // The partial files that this process is writing, by path; in the disk's turn only.
  std::set<std::string> in_use;
  // The hidden names that there are; in the disk's turn only.
  PartNames part_names;
  // The directories that were made for files of this session none of which is stored, by path; in
  // the disk's turn only.
  std::set<std::string> made_for_files;

  // Removes partial files that were last written a week before `now` and are not in use, and
  // forgets what was stored longer than `comes_again_within` ago. Returns the bytes of those that
  // stay.
  std::uint64_t sweep(std::chrono::system_clock::time_point now, seconds comes_again_within) const;

  // Removes the part of that path, where nobody uses it.
  void remove_part(std::vector<std::string> path) const;

  // Forgets which files of `peer` are stored: it won't come again with them.
  void forget_stored(const std::string& peer) const;

 private:
  OwnedFd directory_;
  std::atomic<std::uint64_t> reserved_ = 0;
  std::uint64_t made_ = 0;
  std::optional<std::uint64_t> most_made_;  // known with the first file
};

}  // namespace talk
