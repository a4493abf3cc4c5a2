#include "common/files/file_source.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/uio.h>
#include <unistd.h>
#ifdef __linux__
#include <linux/magic.h>
#include <sys/vfs.h>
#endif

#include <cerrno>
#include <stdexcept>

#include "common/files/file_kind.h"
#include "common/posix/error.h"

namespace talk {
namespace {

void refuse_irregular(mode_t mode) {
  if (!S_ISREG(mode)) throw std::runtime_error(no_file_words(mode));
}

// Nanoseconds count: a file can be written twice within one second.
bool same_time(const struct timespec& a, const struct timespec& b) {
  return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

bool lies_in_memory([[maybe_unused]] int fd) {
#ifdef TMPFS_MAGIC
  struct statfs system {};
  if (::fstatfs(fd, &system) != 0) return false;
  const auto type = static_cast<unsigned long>(system.f_type);  // signed where words have 32 bits
  return type == TMPFS_MAGIC || type == RAMFS_MAGIC;
#else
  return false;
#endif
}

}  // namespace

// Looked at before it is opened: opening a device can do something.
FileSource::FileSource(const std::string& path) {
  if (::stat(path.c_str(), &status_) != 0) throw_errno("open");
  refuse_irregular(status_.st_mode);
  fd_.reset(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  if (!fd_) throw_errno("open");
  check();
}

FileSource::FileSource(OwnedFd fd) : fd_(std::move(fd)) { check(); }

void FileSource::check() {
  if (::fstat(fd_.get(), &status_) != 0) throw_errno("look at the file");
  refuse_irregular(status_.st_mode);
  in_memory_ = lies_in_memory(fd_.get());
  writers_at_first_ = may_have_writers();
#ifdef POSIX_FADV_SEQUENTIAL
  ::posix_fadvise(fd_.get(), 0, 0, POSIX_FADV_SEQUENTIAL);
#endif
}

void FileSource::read(std::uint64_t offset, std::span<char> room) const {
  while (!room.empty()) {
    const ssize_t count = ::pread(fd_.get(), room.data(), room.size(), static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw_errno("read");
    if (count == 0) throw std::runtime_error("it became shorter while it was sent");
    room = room.subspan(static_cast<std::size_t>(count));
    offset += static_cast<std::uint64_t>(count);
  }
}

std::optional<std::size_t> FileSource::read_now(std::uint64_t offset, std::span<char> room) const {
  if (in_memory_) {
    read(offset, room);
    return room.size();
  }
#ifdef RWF_NOWAIT
  const iovec into{room.data(), room.size()};
  const ssize_t count = ::preadv2(fd_.get(), &into, 1, static_cast<off_t>(offset), RWF_NOWAIT);
  if (count > 0) return static_cast<std::size_t>(count);
#endif
  return std::nullopt;  // also where it became shorter: who reads it then is told
}

// A lease for reading is given only where nobody has the file open for writing or mapped so. It is
// given back at once, and asks for a signal that is ignored where somebody comes in between: the
// usual one would end this process.
bool FileSource::may_have_writers() const {
#ifdef F_SETLEASE
  if (::fcntl(fd_.get(), F_SETSIG, SIGURG) == 0 && ::fcntl(fd_.get(), F_SETLEASE, F_RDLCK) == 0) {
    ::fcntl(fd_.get(), F_SETLEASE, F_UNLCK);
    return false;
  }
#endif
  return true;  // somebody has, or it is another user's file, or a file system without leases
}

bool FileSource::changed() const {
  struct stat now {};
  if (::fstat(fd_.get(), &now) != 0) return true;
  return now.st_size != status_.st_size || !same_time(now.st_mtim, status_.st_mtim) ||
         !same_time(now.st_ctim, status_.st_ctim);
}

}  // namespace talk
