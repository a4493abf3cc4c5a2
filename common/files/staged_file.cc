#include "common/files/staged_file.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>

#include "common/files/file_name.h"
#include "common/posix/bug.h"
#include "common/posix/error.h"

namespace talk {
namespace {

// Names up to this number are tried one by one, so that a gap is filled; beyond it a free one is
// found in a logarithm of the tries: 10,000 files of one name cost 30 looks and not 10,000.
constexpr unsigned kTriedInTurn = 16;
constexpr unsigned kMaxSameName = 1'000'000'000;
[[maybe_unused]] constexpr std::uint64_t kWrittenBackAtOnce = std::uint64_t{16} << 20;

// False with errno where `to` exists (EEXIST) or it cannot be done.
bool rename_without_replacing(int directory, const std::string& from, const std::string& to) {
#ifdef RENAME_NOREPLACE  // also where there are no hard links
  if (::renameat2(directory, from.c_str(), directory, to.c_str(), RENAME_NOREPLACE) == 0)
    return true;
  if (errno != ENOSYS && errno != EINVAL) return false;
#endif
  if (::linkat(directory, from.c_str(), directory, to.c_str(), 0) != 0) return false;
  ::unlinkat(directory, from.c_str(), 0);
  return true;
}

bool is_taken(int directory, const std::string& name) {
  struct stat status {};
  return ::fstatat(directory, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0;
}

std::string nth_name(const std::string& wish, unsigned count) {
  return count == 1 ? wish : numbered_name(wish, count);
}

// A number that is free and whose predecessor is not, or one up to kTriedInTurn.
unsigned free_number(int directory, const std::string& wish) {
  const auto taken = [&](unsigned count) { return is_taken(directory, nth_name(wish, count)); };
  unsigned count = 1;
  while (count <= kTriedInTurn && taken(count)) ++count;
  if (count <= kTriedInTurn) return count;
  unsigned low = kTriedInTurn;  // taken
  unsigned high = 2 * kTriedInTurn;
  for (; taken(high); high *= 2) {
    if (high > kMaxSameName) throw std::runtime_error("there are too many files of that name");
    low = high;
  }
  while (high - low > 1) {
    const unsigned middle = low + (high - low) / 2;
    (taken(middle) ? low : high) = middle;
  }
  return high;
}

void sync(int fd, const char* doing) {
  if (::fsync(fd) != 0 && errno != EINVAL) throw_errno(doing);  // some file systems know none
}

}  // namespace

bool StagedFile::create(const std::string& hidden_name) {
  check(!file_, "a staged file created twice");
  OwnedFd fd(::openat(directory_.get(), hidden_name.c_str(),
                      O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666));
  if (!fd && errno != EEXIST) throw_errno("create a file");
  // Somebody may have found it before it was locked: then it is theirs.
  if (!fd || ::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) return false;
  adopt(hidden_name, std::move(fd), 0);
  return true;
}

void StagedFile::adopt(const std::string& hidden_name, OwnedFd file, std::uint64_t size) {
  file_ = std::move(file);
  hidden_name_ = hidden_name;
  size_ = written_back_ = size;
  durable_ = false;
}

void StagedFile::write(std::string_view bytes) {
  durable_ = false;
  while (!bytes.empty()) {
    const ssize_t count =
        ::pwrite(file_.get(), bytes.data(), bytes.size(), static_cast<off_t>(size_));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) throw_error(count < 0 ? errno : EIO, "write the file");
    bytes.remove_prefix(static_cast<std::size_t>(count));
    size_ += static_cast<std::uint64_t>(count);
  }
  start_writing_back();
}

// What has come begins its way to the disk at once, so that little is left for the final fsync.
void StagedFile::start_writing_back() {
#ifdef SYNC_FILE_RANGE_WRITE
  if (size_ - written_back_ < kWrittenBackAtOnce) return;
  ::sync_file_range(file_.get(), static_cast<off_t>(written_back_),
                    static_cast<off_t>(size_ - written_back_), SYNC_FILE_RANGE_WRITE);
  written_back_ = size_;
#endif
}

void StagedFile::empty() {
  durable_ = false;
  if (::ftruncate(file_.get(), 0) != 0) throw_errno("empty the file");
  size_ = written_back_ = 0;
}

void StagedFile::make_durable() {
  sync(file_.get(), "bring the file to disk");
  durable_ = true;
}

void StagedFile::appear_as(const std::string& name) {
  check(durable_, "a file that is not on disk was to appear");
  const int here = directory_.get();
  if (::renameat(here, hidden_name_.c_str(), here, name.c_str()) != 0)
    throw_errno("give the file its name");
  hidden_name_.clear();
  sync_directory();
}

std::string StagedFile::appear_beside(const std::string& wish, HiddenName hidden) {
  std::string name = take_name_beside(wish, hidden);
  sync_directory();
  return name;
}

std::string StagedFile::take_name_beside(const std::string& wish, HiddenName hidden) {
  check(durable_, "a file that is not on disk was to appear");
  while (true) {  // again where somebody else was quicker
    std::string name = free_name(directory_.get(), wish);
    if (give_name(name, hidden)) return name;
  }
}

void StagedFile::sync_directory() const { sync(directory_.get(), "bring the directory to disk"); }

// False where the name is taken. Where there are no links a name can only be moved.
bool StagedFile::give_name(const std::string& name, HiddenName hidden) {
  const int here = directory_.get();
  if (hidden == HiddenName::keep) {
    if (::linkat(here, hidden_name_.c_str(), here, name.c_str(), 0) == 0) return true;
    if (errno == EEXIST) return false;
    if (errno != EPERM && errno != EOPNOTSUPP && errno != ENOSYS && errno != EMLINK)
      throw_errno("give the file its name");
  }
  if (rename_without_replacing(here, hidden_name_, name)) {
    hidden_name_.clear();
    return true;
  }
  if (errno != EEXIST) throw_errno("give the file its name");
  return false;
}

void StagedFile::keep() {
  hidden_name_.clear();
  file_.reset();
}

void StagedFile::discard() {
  if (!hidden_name_.empty()) ::unlinkat(directory_.get(), hidden_name_.c_str(), 0);
  keep();
}

std::string free_name(int directory, const std::string& wish) {
  return nth_name(wish, free_number(directory, wish));
}

}  // namespace talk
