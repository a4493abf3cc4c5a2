#include "common/files/partial_file.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <span>
#include <thread>

#include "common/files/beneath.h"
#include "common/files/crc32c.h"
#include "common/files/file_name.h"
#include "common/posix/clock.h"
#include "common/posix/error.h"

namespace talk {
namespace {

// So many sessions may send the same file at once, and so many files bear one name.
constexpr unsigned kMaxPartials = 16;
constexpr unsigned kMaxSameName = 10'000;
constexpr milliseconds kOthersWait{2000};
constexpr milliseconds kOthersPause{10};
[[maybe_unused]] constexpr std::uint64_t kWrittenBackAtOnce = std::uint64_t{16} << 20;
constexpr std::size_t kHashedAtOnce = std::size_t{256} << 10;

// FNV-1a, 64 bits. It only tells files apart: that a part belongs is decided by the checksum.
class Fingerprint {
 public:
  void add(std::string_view field) {
    for (const char byte : field) add_byte(static_cast<unsigned char>(byte));
    add_byte(0);  // no field contains it
  }
  std::string text() const {
    std::array<char, 17> digits{};
    std::snprintf(digits.data(), digits.size(), "%016llx", static_cast<unsigned long long>(hash_));
    return digits.data();
  }

 private:
  void add_byte(unsigned char byte) { hash_ = (hash_ ^ byte) * 0x100000001b3; }
  std::uint64_t hash_ = 0xcbf29ce484222325;
};

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

void sync(int fd, const char* doing) {
  if (::fsync(fd) != 0 && errno != EINVAL) throw_errno(doing);  // some file systems know none
}

}  // namespace

PartialFile::PartialFile(std::shared_ptr<Inbox> inbox, Identity identity)
    : inbox_(std::move(inbox)), identity_(std::move(identity)) {
  const std::span<const std::string> parts = identity_.parts;
  directory_ = open_directory_beneath(inbox_->fd(), parts.first(parts.size() - 1), Missing::create);
  const bool found = open_found();
  inbox_->reserve(directory_.get(), identity_.size - size_);
  reserved_ = identity_.size - size_;
  try {
    if (!found) create();
  } catch (...) {
    inbox_->release(reserved_);
    throw;
  }
  used_path_ = path_of(name_);
  inbox_->in_use.insert(used_path_);
}

PartialFile::~PartialFile() {
  inbox_->release(reserved_);
  inbox_->in_use.erase(used_path_);
  if (size_ == 0 && file_ && identity_.size != 0) discard();  // nothing worth keeping
}

std::string PartialFile::partial_name(unsigned count) const {
  Fingerprint print;
  print.add(identity_.peer);
  print.add(join_parts(identity_.parts));
  print.add(std::to_string(identity_.size));
  print.add(std::to_string(identity_.mtime));
  const std::string number = count == 1 ? "" : "-" + std::to_string(count);
  return std::string(kPartialPrefix) + print.text() + number + std::string(kPartialSuffix);
}

// Locked, our own, and still the one of that name; or none.
OwnedFd PartialFile::lock_found(const std::string& name, struct stat& status) const {
  OwnedFd fd(
      ::openat(directory_.get(), name.c_str(), O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  struct stat named {};
  if (!fd || ::flock(fd.get(), LOCK_EX | LOCK_NB) != 0 || ::fstat(fd.get(), &status) != 0 ||
      ::fstatat(directory_.get(), name.c_str(), &named, AT_SYMLINK_NOFOLLOW) != 0)
    return OwnedFd();
  const bool unfinished = status.st_nlink == 1;
  const bool published =
      status.st_nlink == 2 && static_cast<std::uint64_t>(status.st_size) == identity_.size;
  const bool ours = S_ISREG(status.st_mode) && status.st_uid == ::geteuid() &&
                    (unfinished || published) && status.st_dev == named.st_dev &&
                    status.st_ino == named.st_ino;
  // It may have been left just before it was to get its name.
  if (ours && unfinished && ::fchmod(fd.get(), 0600) != 0) return OwnedFd();
  return ours ? std::move(fd) : OwnedFd();
}

std::string PartialFile::path_of(const std::string& name) const {
  std::vector<std::string> path = identity_.parts;
  path.back() = name;
  return join_parts(path);
}

// The session that a link has just left behind may still be letting go of its part.
void PartialFile::await_others() const {
  if (inbox_->in_use.contains(path_of(partial_name(1)))) return;
  const OwnedFd fd(::openat(directory_.get(), partial_name(1).c_str(),
                            O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!fd) return;
  for (milliseconds waited{0}; waited < kOthersWait; waited += kOthersPause) {
    if (::flock(fd.get(), LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK) return;
    std::this_thread::sleep_for(kOthersPause);
  }
}

// Takes the largest of the parts that nobody else is using.
bool PartialFile::open_found() {
  await_others();
  for (unsigned count = 1; count <= kMaxPartials; ++count) {
    const std::string name = partial_name(count);
    struct stat status {};
    OwnedFd fd = lock_found(name, status);
    const auto there = static_cast<std::uint64_t>(status.st_size);
    if (!fd || there > identity_.size || (file_ && there <= size_)) continue;
    file_ = std::move(fd);
    name_ = name;
    size_ = written_back_ = there;
    published_before_ = status.st_nlink == 2;
  }
  return static_cast<bool>(file_);
}

void PartialFile::create() {
  for (unsigned count = 1; count <= kMaxPartials; ++count) {
    name_ = partial_name(count);
    file_.reset(::openat(directory_.get(), name_.c_str(),
                         O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!file_ && errno != EEXIST) throw_errno("create a file");
    // Somebody may have found it before it was locked: then it is theirs.
    if (file_ && ::flock(file_.get(), LOCK_EX | LOCK_NB) == 0) return;
  }
  file_.reset();
  throw std::runtime_error("the same file is being received too many times at once");
}

void PartialFile::hash_found() {
  std::vector<char> buffer(kHashedAtOnce);
  for (std::uint64_t at = 0; at < size_;) {
    const std::size_t wanted = std::min<std::uint64_t>(buffer.size(), size_ - at);
    const ssize_t count = ::pread(file_.get(), buffer.data(), wanted, static_cast<off_t>(at));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw_errno("read the part that was kept");
    if (count == 0) throw std::runtime_error("the part that was kept has changed");
    crc_ = crc32c(crc_, {buffer.data(), static_cast<std::size_t>(count)});
    at += static_cast<std::uint64_t>(count);
  }
}

void PartialFile::write(std::string_view bytes) {
  crc_ = crc32c(crc_, bytes);
  while (!bytes.empty()) {
    const ssize_t count =
        ::pwrite(file_.get(), bytes.data(), bytes.size(), static_cast<off_t>(size_));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) throw_error(count < 0 ? errno : EIO, "write the file");
    const auto written = static_cast<std::size_t>(count);
    bytes.remove_prefix(written);
    size_ += written;
    const std::uint64_t given_back = std::min<std::uint64_t>(written, reserved_);
    inbox_->release(given_back);
    reserved_ -= given_back;
  }
  start_writing_back();
}

// What has come begins its way to the disk at once, so that little is left for the final fsync.
void PartialFile::start_writing_back() {
#ifdef SYNC_FILE_RANGE_WRITE
  if (size_ - written_back_ < kWrittenBackAtOnce) return;
  ::sync_file_range(file_.get(), static_cast<off_t>(written_back_),
                    static_cast<off_t>(size_ - written_back_), SYNC_FILE_RANGE_WRITE);
  written_back_ = size_;
#endif
}

// The directory may have been moved elsewhere while the file came in.
void PartialFile::check_place() const {
  const std::span<const std::string> parts = identity_.parts;
  const OwnedFd now =
      open_directory_beneath(inbox_->fd(), parts.first(parts.size() - 1), Missing::fail);
  struct stat before {};
  struct stat after {};
  if (::fstat(directory_.get(), &before) != 0 || ::fstat(now.get(), &after) != 0)
    throw_errno("look at the directory");
  if (before.st_dev != after.st_dev || before.st_ino != after.st_ino)
    throw std::runtime_error("the directory was replaced while the file came in");
}

std::string PartialFile::give_name(bool keep_part) {
  const std::string wish = identity_.parts.back();
  for (unsigned count = 1; count <= kMaxSameName; ++count) {
    const std::string name = count == 1 ? wish : numbered_name(wish, count);
    if (keep_part &&
        ::linkat(directory_.get(), name_.c_str(), directory_.get(), name.c_str(), 0) == 0)
      return name;
    if (!keep_part && rename_without_replacing(directory_.get(), name_, name)) {
      name_.clear();
      return name;
    }
    if (errno != EEXIST) throw_errno("give the file its name");
  }
  throw std::runtime_error("there are too many files of that name");
}

// Empty where its person has renamed or removed it since.
std::string PartialFile::name_given_before() const {
  struct stat mine {};
  struct stat named {};
  const std::string wish = identity_.parts.back();
  if (::fstat(file_.get(), &mine) != 0) throw_errno("look at the file");
  for (unsigned count = 1; count <= kMaxSameName; ++count) {
    const std::string name = count == 1 ? wish : numbered_name(wish, count);
    if (::fstatat(directory_.get(), name.c_str(), &named, AT_SYMLINK_NOFOLLOW) != 0) break;
    if (named.st_dev == mine.st_dev && named.st_ino == mine.st_ino) return name;
  }
  return "";
}

std::string PartialFile::publish(std::uint32_t crc, const std::atomic<bool>& sender_gone) {
  const std::string before = published_before_ ? name_given_before() : "";
  if (!before.empty() && crc == crc_) {
    discard();
    return path_of(before);
  }
  if (crc != crc_ || size_ != identity_.size || published_before_) {
    discard();
    throw ChecksumError("the file does not match its checksum");
  }
  if (::fchmod(file_.get(), inbox_->file_mode()) != 0) throw_errno("set the file's mode");
  sync(file_.get(), "bring the file to disk");
  check_place();
  const std::string name = give_name(sender_gone);
  sync(directory_.get(), "bring the directory to disk");
  file_.reset();
  return path_of(name);
}

void PartialFile::discard() {
  if (!name_.empty()) ::unlinkat(directory_.get(), name_.c_str(), 0);
  name_.clear();
  file_.reset();
}

}  // namespace talk
