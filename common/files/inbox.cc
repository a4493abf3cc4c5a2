#include "common/files/inbox.h"

#include <sys/statvfs.h>

#include <algorithm>
#include <exception>
#include <span>
#include <stdexcept>

#include "common/files/beneath.h"
#include "common/files/file_name.h"
#include "common/files/partial_name.h"
#include "common/files/partials.h"
#include "common/files/staged_file.h"
#include "common/posix/error.h"

namespace talk {
namespace {

// Left free on the file system: a hundredth of it, at most this.
constexpr std::uint64_t kMargin = std::uint64_t{16} << 20;
constexpr std::uint64_t kInodeMargin = 10'000;
// One session may make so many files and directories of what was free when it began: a quarter.
// On an ordinary disk these are millions; on a small one they leave the others theirs.
constexpr std::uint64_t kSessionsPart = 4;

}  // namespace

Inbox::Inbox(const std::string& directory) : directory_(open_directory(directory)) {}

std::string Inbox::free_name(std::vector<std::string> parts) const {
  try {
    const auto directories = std::span(parts).first(parts.size() - 1);
    const OwnedFd here = open_directory_beneath(fd(), directories, Missing::fail);
    parts.back() = talk::free_name(here.get(), parts.back());
  } catch (const std::exception&) {
    // A directory that is yet to be made is empty.
  }
  return join_parts(parts);
}

void Inbox::admit_file() {
  struct statvfs space {};
  if (::fstatvfs(fd(), &space) != 0 || space.f_files == 0) return;  // it does not count them
  const std::uint64_t free = space.f_favail;
  if (!most_made_) most_made_ = free / kSessionsPart;
  if (free <= std::min<std::uint64_t>(kInodeMargin, space.f_files / 100))
    throw_error(ENOSPC, "make room for one more file");
  if (made_ >= *most_made_) throw std::runtime_error("this session has brought enough files");
}

void Inbox::reserve(int directory, std::uint64_t bytes) {
  struct statvfs space {};
  if (::fstatvfs(directory, &space) == 0 && space.f_blocks > 0) {
    const std::uint64_t free = std::uint64_t{space.f_bavail} * space.f_frsize;
    const std::uint64_t whole = std::uint64_t{space.f_blocks} * space.f_frsize;
    const std::uint64_t kept = std::min(kMargin, whole / 100) + reserved_;
    if ((free < kept || free - kept < bytes) && !give_up_partials(fd(), kept + bytes - free))
      throw_error(ENOSPC, "make room for the file");
  }
  reserved_ += bytes;
}

void Inbox::remove_part(std::vector<std::string> path) const {
  const std::string name = path.back();
  path.pop_back();
  remove_partial(fd(), path, name);
}

void Inbox::forget_stored(const std::string& peer) const {
  talk::forget_stored(fd(), partials_of(peer));
}

std::uint64_t Inbox::sweep(std::chrono::system_clock::time_point now,
                           seconds comes_again_within) const {
  return sweep_partials(fd(), now, comes_again_within);
}

}  // namespace talk
