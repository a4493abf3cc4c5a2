// A file that is sent: regular, read piece by piece, and watched for changes meanwhile.
#pragma once

#include <sys/stat.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "common/posix/owned_fd.h"

namespace talk {

class FileSource {
 public:
  // Both throw std::system_error or std::runtime_error with the reason, which names no file.
  explicit FileSource(const std::string& path);  // follows links
  explicit FileSource(OwnedFd fd);

  std::uint64_t size() const { return static_cast<std::uint64_t>(status_.st_size); }  // bytes
  std::int64_t mtime() const { return status_.st_mtime; }  // Unix seconds

  // Fills `room` from `offset`. Throws where the file does not reach that far any more. May be
  // called in any thread.
  void read(std::uint64_t offset, std::span<char> room) const;
  // The same without waiting for a disk: as many bytes as are in memory, at most `room`; nothing
  // where it would have to wait.
  std::optional<std::size_t> read_now(std::uint64_t offset, std::span<char> room) const;

  // Whether it is no longer the file that was opened: size, or the time of a change.
  bool changed() const;
  // Whether somebody may have written to it without its times having changed: through a mapping
  // that was there before, or nobody can tell. Then only a second look at its bytes says what they
  // are.
  bool may_have_been_mapped() const { return writers_at_first_ || may_have_writers(); }

 private:
  void check();
  bool may_have_writers() const;

  OwnedFd fd_;
  struct stat status_ {};
  bool in_memory_ = false;  // on a file system that has no disk
  bool writers_at_first_ = true;
};

}  // namespace talk
