#include "common/files/partial_file.h"

#include <fcntl.h>
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

OwnedFd open_place(const Inbox& inbox, const PartialFile::Identity& identity, Missing missing) {
  const std::span<const std::string> parts = identity.parts;
  return open_directory_beneath(inbox.fd(), parts.first(parts.size() - 1), missing);
}

}  // namespace

PartialFile::PartialFile(std::shared_ptr<Inbox> inbox, Identity identity)
    : inbox_(std::move(inbox)),
      identity_(std::move(identity)),
      staged_(open_place(*inbox_, identity_, Missing::create)) {
  const bool found = open_found();
  const std::uint64_t missing = identity_.size - staged_.size();
  try {
    inbox_->reserve(staged_.directory(), missing);
    reserved_ = missing;
    if (!found) create();
  } catch (...) {
    staged_.keep();
    inbox_->release(reserved_);
    throw;
  }
  used_path_ = path_of(staged_.hidden_name());
  inbox_->in_use.insert(used_path_);
}

PartialFile::~PartialFile() {
  inbox_->release(reserved_);
  inbox_->in_use.erase(used_path_);
  const bool worth_keeping = staged_.size() > 0 || identity_.size == 0;
  if (worth_keeping) staged_.keep();
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
      ::openat(staged_.directory(), name.c_str(), O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  struct stat named {};
  if (!fd || ::flock(fd.get(), LOCK_EX | LOCK_NB) != 0 || ::fstat(fd.get(), &status) != 0 ||
      ::fstatat(staged_.directory(), name.c_str(), &named, AT_SYMLINK_NOFOLLOW) != 0)
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
  const OwnedFd fd(::openat(staged_.directory(), partial_name(1).c_str(),
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
    if (!fd || there > identity_.size || (staged_.is_open() && there <= staged_.size())) continue;
    staged_.adopt(name, std::move(fd), there);
    published_before_ = status.st_nlink == 2;
  }
  return staged_.is_open();
}

void PartialFile::create() {
  for (unsigned count = 1; count <= kMaxPartials; ++count)
    if (staged_.create(partial_name(count))) return;
  throw std::runtime_error("the same file is being received too many times at once");
}

void PartialFile::hash_found() {
  std::vector<char> buffer(kHashedAtOnce);
  for (std::uint64_t at = 0; at < size();) {
    const std::size_t wanted = std::min<std::uint64_t>(buffer.size(), size() - at);
    const ssize_t count = ::pread(staged_.fd(), buffer.data(), wanted, static_cast<off_t>(at));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw_errno("read the part that was kept");
    if (count == 0) throw std::runtime_error("the part that was kept has changed");
    crc_ = crc32c(crc_, {buffer.data(), static_cast<std::size_t>(count)});
    at += static_cast<std::uint64_t>(count);
  }
}

void PartialFile::write(std::string_view bytes) {
  crc_ = crc32c(crc_, bytes);
  const std::uint64_t before = size();
  staged_.write(bytes);
  const std::uint64_t given_back = std::min(size() - before, reserved_);
  inbox_->release(given_back);
  reserved_ -= given_back;
}

// The directory may have been moved elsewhere while the file came in.
void PartialFile::check_place() const {
  const OwnedFd now = open_place(*inbox_, identity_, Missing::fail);
  struct stat before {};
  struct stat after {};
  if (::fstat(staged_.directory(), &before) != 0 || ::fstat(now.get(), &after) != 0)
    throw_errno("look at the directory");
  if (before.st_dev != after.st_dev || before.st_ino != after.st_ino)
    throw std::runtime_error("the directory was replaced while the file came in");
}

// Empty where its person has renamed or removed it since.
std::string PartialFile::name_given_before() const {
  struct stat mine {};
  struct stat named {};
  const std::string wish = identity_.parts.back();
  if (::fstat(staged_.fd(), &mine) != 0) throw_errno("look at the file");
  for (unsigned count = 1; count <= kMaxSameName; ++count) {
    const std::string name = count == 1 ? wish : numbered_name(wish, count);
    if (::fstatat(staged_.directory(), name.c_str(), &named, AT_SYMLINK_NOFOLLOW) != 0) break;
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
  if (crc != crc_ || size() != identity_.size || published_before_) {
    discard();
    throw ChecksumError("the file does not match its checksum");
  }
  staged_.make_durable(inbox_->file_mode());
  check_place();
  using HiddenName = StagedFile::HiddenName;
  const std::string name = staged_.appear_beside(
      identity_.parts.back(), sender_gone ? HiddenName::keep : HiddenName::remove);
  staged_.keep();
  return path_of(name);
}

}  // namespace talk
