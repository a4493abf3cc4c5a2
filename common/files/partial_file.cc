#include "common/files/partial_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <span>
#include <thread>

#include "common/files/beneath.h"
#include "common/files/crc32c.h"
#include "common/files/file_name.h"
#include "common/posix/clock.h"
#include "common/posix/directory_entries.h"
#include "common/posix/error.h"

namespace talk {
namespace {

// So many sessions may receive the same file at once.
constexpr unsigned kMaxPartials = 1'000;
constexpr milliseconds kOthersWait{2000};
constexpr milliseconds kOthersPause{10};
constexpr std::size_t kHashedAtOnce = std::size_t{256} << 10;

std::span<const std::string> place_of(const PartialFile::Identity& identity) {
  return std::span(identity.parts).first(identity.parts.size() - 1);
}

std::string joined(std::span<const std::string> parts) {
  return join_parts({parts.begin(), parts.end()});
}

OwnedFd make_place(Inbox& inbox, const PartialFile::Identity& identity) {
  inbox.admit_file();
  const std::span<const std::string> parts = place_of(identity);
  std::size_t made = 0;
  OwnedFd place = open_directory_beneath(inbox.fd(), parts, Missing::create, &made);
  inbox.made(made + 1);  // and the file
  // Below one that was made all were.
  for (std::size_t depth = parts.size() - made; depth < parts.size(); ++depth)
    inbox.made_for_files.insert(joined(parts.first(depth + 1)));
  return place;
}

}  // namespace

PartialFile::PartialFile(std::shared_ptr<Inbox> inbox, Identity identity, Others others)
    : inbox_(std::move(inbox)),
      identity_(std::move(identity)),
      stem_(partial_stem(identity_)),
      staged_(make_place(*inbox_, identity_)) {
  const OwnedFd living = others == Others::use ? search() : OwnedFd();
  try {
    const std::uint64_t missing = identity_.size - staged_.size();
    inbox_->reserve(staged_.directory(), missing);
    reserved_ = missing;
    if (!staged_.is_open()) create();
    if (living) copy_from(living);
  } catch (...) {
    // What was found stays to be found again.
    staged_.keep();
    inbox_->release(reserved_);
    remove_place();
    throw;
  }
  used_path_ = path_of(staged_.hidden_name());
  inbox_->in_use.insert(used_path_);
}

PartialFile::~PartialFile() {
  inbox_->release(reserved_);
  inbox_->in_use.erase(used_path_);
  const bool worth_keeping = staged_.size() > 0 || identity_.size == 0;
  worth_keeping ? staged_.keep() : discard();
}

// Our own, and still the one of that name; or none.
PartialFile::Found PartialFile::find(const std::string& name) const {
  Found found;
  const int here = staged_.directory();
  found.fd.reset(::openat(here, name.c_str(), O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!found.fd) return found;
  found.there = true;
  found.locked = ::flock(found.fd.get(), LOCK_EX | LOCK_NB) == 0;
  struct stat status {};
  struct stat named {};
  if (::fstat(found.fd.get(), &status) != 0 ||
      ::fstatat(here, name.c_str(), &named, AT_SYMLINK_NOFOLLOW) != 0)
    return Found{{}, true};
  found.size = static_cast<std::uint64_t>(status.st_size);
  found.published = status.st_nlink == 2 && found.size == identity_.size;
  const bool unfinished = status.st_nlink == 1 && found.size <= identity_.size;
  const bool ours = S_ISREG(status.st_mode) && status.st_uid == ::geteuid() &&
                    (unfinished || found.published) && status.st_dev == named.st_dev &&
                    status.st_ino == named.st_ino;
  return ours ? std::move(found) : Found{{}, true};
}

std::string PartialFile::path_of(const std::string& name) const {
  std::vector<std::string> path = identity_.parts;
  path.back() = name;
  return join_parts(path);
}

bool PartialFile::is_ours(const std::string& name) const {
  return inbox_->in_use.contains(path_of(name));
}

// The session that a link has just left behind may still be letting go of its part.
void PartialFile::await_others() const {
  if (numbers().empty()) return;
  const std::string name = partial_name(stem_, *numbers().begin());
  if (is_ours(name)) return;
  const OwnedFd fd(
      ::openat(staged_.directory(), name.c_str(), O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!fd) return;
  for (milliseconds waited{0}; waited < kOthersWait; waited += kOthersPause) {
    if (::flock(fd.get(), LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK) return;
    std::this_thread::sleep_for(kOthersPause);
  }
}

// Takes the largest of the parts that nobody else is using. Where there is none, the largest that
// another process holds is returned: its link may be dead without its having noticed.
OwnedFd PartialFile::open_found() {
  await_others();
  Found others;
  for (const unsigned number : std::set<unsigned>(numbers())) {
    const std::string name = partial_name(stem_, number);
    if (is_ours(name)) continue;
    Found found = find(name);
    if (!found.there) numbers().erase(number);
    if (!found.fd) continue;
    if (!found.locked) {
      if (!others.fd || found.size > others.size) others = std::move(found);
    } else if (!staged_.is_open() || found.size > staged_.size()) {
      published_before_ = found.published;
      staged_.adopt(name, std::move(found.fd), found.size);
    }
  }
  return staged_.is_open() ? OwnedFd() : std::move(others.fd);
}

// Of those that others have made since the directory was looked through, one has the first free
// number.
OwnedFd PartialFile::search() {
  OwnedFd living = open_found();
  if (staged_.is_open() || living) return living;
  struct stat status {};
  const std::string next = partial_name(stem_, free_number());
  if (::fstatat(staged_.directory(), next.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) return {};
  inbox_->part_names.forget();
  return open_found();
}

std::set<unsigned>& PartialFile::numbers() const {
  return inbox_->part_names.numbers(staged_.directory(), joined(place_of(identity_)), stem_);
}

unsigned PartialFile::free_number() const {
  const std::set<unsigned>& taken = numbers();
  unsigned number = 1;
  while (taken.contains(number)) ++number;
  return number;
}

void PartialFile::create() {
  for (unsigned number = free_number(); number <= kMaxPartials; number = free_number()) {
    numbers().insert(number);
    if (staged_.create(partial_name(stem_, number))) return;
  }
  throw std::runtime_error("the same file is being received too many times at once");
}

// Begins with what another session of the same sender has of the file. It grows at its end only, so
// what it has now is whole; whether it is right the checksum will tell.
void PartialFile::copy_from(const OwnedFd& others) {
  std::vector<char> buffer(kHashedAtOnce);
  while (size() < identity_.size) {
    const auto wanted =
        static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), identity_.size - size()));
    const ssize_t count = ::pread(others.get(), buffer.data(), wanted, static_cast<off_t>(size()));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return;  // what there is will do
    append({buffer.data(), static_cast<std::size_t>(count)});
  }
}

void PartialFile::take_again() {
  let_go_by_ = published_before_;
  if (let_go_by_ || size() == 0) return;
  inbox_->reserve(staged_.directory(), size());
  reserved_ += size();
  staged_.empty();
}

void PartialFile::hash_found() {
  std::vector<char> buffer(kHashedAtOnce);
  for (std::uint64_t at = 0; at < size();) {
    const auto wanted =
        static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), size() - at));
    const ssize_t count = ::pread(staged_.fd(), buffer.data(), wanted, static_cast<off_t>(at));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw_errno("read the part that was kept");
    if (count == 0) throw std::runtime_error("the part that was kept has changed");
    crc_ = crc32c(crc_, {buffer.data(), static_cast<std::size_t>(count)});
    at += static_cast<std::uint64_t>(count);
  }
}

void PartialFile::write(std::string_view bytes) {
  if (let_go_by_) return;
  crc_ = crc32c(crc_, bytes);
  append(bytes);
}

void PartialFile::append(std::string_view bytes) {
  staged_.write(bytes);
  const std::uint64_t given_back = std::min<std::uint64_t>(bytes.size(), reserved_);
  inbox_->release(given_back);
  reserved_ -= given_back;
}

// The directory may have been moved elsewhere while the file came in.
void PartialFile::check_place() const {
  const OwnedFd now = open_directory_beneath(inbox_->fd(), place_of(identity_), Missing::fail);
  struct stat before {};
  struct stat after {};
  if (::fstat(staged_.directory(), &before) != 0 || ::fstat(now.get(), &after) != 0)
    throw_errno("look at the directory");
  if (before.st_dev != after.st_dev || before.st_ino != after.st_ino)
    throw std::runtime_error("the directory was replaced while the file came in");
}

void PartialFile::discard() {
  staged_.discard();
  remove_place();
}

// From the deepest upwards, while they are empty: offers that were taken and cancelled left 2,880
// directories.
void PartialFile::remove_place() {
  try {
    for (auto parts = place_of(identity_); !parts.empty(); parts = parts.first(parts.size() - 1)) {
      const auto made = inbox_->made_for_files.find(joined(parts));
      if (made == inbox_->made_for_files.end()) return;
      if (parts.size() == place_of(identity_).size()) check_place();
      const OwnedFd above =
          open_directory_beneath(inbox_->fd(), parts.first(parts.size() - 1), Missing::fail);
      if (::unlinkat(above.get(), parts.back().c_str(), AT_REMOVEDIR) != 0) return;
      inbox_->made_for_files.erase(made);
    }
  } catch (const std::exception&) {
    // Somebody has moved them: they are no longer ours.
  }
}

// A file is stored there.
void PartialFile::keep_place() {
  for (auto parts = place_of(identity_); !parts.empty(); parts = parts.first(parts.size() - 1))
    inbox_->made_for_files.erase(joined(parts));
}

// The name under which it was stored, or what its person has called it since; empty where it is
// gone.
std::string PartialFile::name_given_before() const {
  struct stat mine {};
  if (::fstat(staged_.fd(), &mine) != 0) throw_errno("look at the file");
  DirectoryEntries entries(open_directory_beneath(staged_.directory(), {}, Missing::fail));
  if (!entries) throw_errno("look through the directory");
  while (const dirent* entry = entries.next()) {
    const std::string name = entry->d_name;
    struct stat named {};
    const bool may_be = entry->d_ino == mine.st_ino || name == identity_.parts.back();
    if (!may_be || is_partial_name(name)) continue;
    if (::fstatat(staged_.directory(), name.c_str(), &named, AT_SYMLINK_NOFOLLOW) == 0 &&
        named.st_dev == mine.st_dev && named.st_ino == mine.st_ino)
      return name;
  }
  return "";
}

void PartialFile::verify(std::uint32_t crc) {
  if (published_before_) name_before_ = name_given_before();
  const bool complete = !published_before_ || !name_before_.empty();
  if (crc == crc_ && size() == identity_.size && complete) return;
  discard();
  throw ChecksumError("the file does not match its checksum");
}

void PartialFile::make_durable() {
  if (!published_before_) staged_.make_durable();
}

std::string PartialFile::take_name(Remembered remembered) {
  using HiddenName = StagedFile::HiddenName;
  const bool remember = remembered == Remembered::yes;
  std::string name = name_before_;
  if (name.empty()) {
    check_place();
    name = staged_.take_name_beside(identity_.parts.back(),
                                    remember ? HiddenName::keep : HiddenName::remove);
  }
  keep_place();
  if (!remember) discard();
  return path_of(name);
}

}  // namespace talk
