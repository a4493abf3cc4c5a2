#include "common/files/inbox.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include <algorithm>
#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

#include "common/files/beneath.h"
#include "common/files/file_name.h"
#include "common/files/staged_file.h"
#include "common/posix/error.h"

namespace talk {
namespace {

// Left free on the file system: a hundredth of it, at most this.
constexpr std::uint64_t kMargin = std::uint64_t{16} << 20;
constexpr std::chrono::hours kPartialsLive{7 * 24};
// A sweep looks at so many entries below the directory's own and is content.
constexpr std::size_t kSweptBelow = 2'000;
constexpr std::size_t kSweptDepth = 16;

class Sweep {
 public:
  explicit Sweep(std::chrono::system_clock::time_point now)
      : oldest_(std::chrono::system_clock::to_time_t(now - kPartialsLive)) {}

  void directory(OwnedFd fd, std::size_t depth) {
    const std::unique_ptr<DIR, int (*)(DIR*)> entries(::fdopendir(fd.get()), ::closedir);
    if (!entries) return;
    const int here = fd.release();  // the stream closes it
    std::vector<std::string> below;
    while (const dirent* entry = ::readdir(entries.get())) {
      if (depth > 0 && ++seen_ > kSweptBelow) return;
      const std::string name = entry->d_name;
      struct stat status {};
      if (name == "." || name == "..") continue;
      const bool partial = is_partial_name(name);
      if (!partial && below.size() >= kSweptBelow) continue;
      if (::fstatat(here, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) continue;
      if (S_ISREG(status.st_mode) && partial) file(here, name, status);
      if (S_ISDIR(status.st_mode) && depth < kSweptDepth) below.push_back(name);
    }
    for (const std::string& name : below) {
      OwnedFd next(::openat(here, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
      if (next && seen_ <= kSweptBelow) directory(std::move(next), depth + 1);
    }
  }

  std::uint64_t left() const { return left_; }

 private:
  void file(int here, const std::string& name, const struct stat& status) {
    left_ += static_cast<std::uint64_t>(status.st_size);
    if (status.st_mtime > oldest_) return;
    const OwnedFd fd(::openat(here, name.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
    if (!fd || ::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) return;
    if (::unlinkat(here, name.c_str(), 0) == 0) left_ -= static_cast<std::uint64_t>(status.st_size);
  }

  time_t oldest_;
  std::size_t seen_ = 0;
  std::uint64_t left_ = 0;
};

}  // namespace

Inbox::Inbox(const std::string& directory)
    : directory_(open_directory(directory)), file_mode_(new_file_mode()) {}

void Inbox::reserve(int directory, std::uint64_t bytes) {
  struct statvfs space {};
  if (::fstatvfs(directory, &space) == 0 && space.f_blocks > 0) {
    const std::uint64_t free = std::uint64_t{space.f_bavail} * space.f_frsize;
    const std::uint64_t whole = std::uint64_t{space.f_blocks} * space.f_frsize;
    const std::uint64_t kept = std::min(kMargin, whole / 100) + reserved_;
    if (free < kept || free - kept < bytes) throw_error(ENOSPC, "make room for the file");
  }
  reserved_ += bytes;
}

std::uint64_t Inbox::sweep(std::chrono::system_clock::time_point now) const {
  Sweep sweep(now);
  sweep.directory(open_directory_beneath(fd(), {}, Missing::fail), 0);
  return sweep.left();
}

}  // namespace talk
