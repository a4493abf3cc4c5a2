#include "common/files/partials.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <string>
#include <system_error>
#include <vector>

#include "common/files/beneath.h"
#include "common/files/file_name.h"
#include "common/posix/directory_entries.h"

namespace talk {
namespace {

constexpr std::chrono::hours kPartialsLive{7 * 24};
// So many entries below the directory's own are looked at and no more.
constexpr std::size_t kSeenBelow = 2'000;
constexpr std::size_t kDepth = 16;

// A name that a file got, or lost, changes it; writing changes it and what is written.
bool had_another_name(const struct stat& status) {
  return status.st_ctim.tv_sec != status.st_mtim.tv_sec ||
         status.st_ctim.tv_nsec != status.st_mtim.tv_nsec;
}

struct Partial {
  std::vector<std::string> directory;  // the parts of its path
  std::string name;
  std::uint64_t size = 0;
  std::uint64_t room = 0;  // bytes that its going gives back
  time_t written = 0;
  time_t changed = 0;   // in any way: by a name that it got, too
  bool stored = false;  // it is the second name of a file that has its own, or had
};

class Search {
 public:
  std::vector<Partial> run(int directory) {
    look(open_directory_beneath(directory, {}, Missing::fail));
    return std::move(found_);
  }

 private:
  void look(OwnedFd fd) {
    DirectoryEntries entries(std::move(fd));
    if (!entries) return;
    const int here = entries.directory();
    std::vector<std::string> below;
    while (const dirent* entry = entries.next()) {
      if (!path_.empty() && ++seen_ > kSeenBelow) return;
      const std::string name = entry->d_name;
      struct stat status {};
      const bool partial = is_partial_name(name);
      if (!partial && below.size() >= kSeenBelow) continue;
      if (::fstatat(here, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) continue;
      if (S_ISREG(status.st_mode) && partial) add(name, status);
      if (S_ISDIR(status.st_mode) && path_.size() < kDepth) below.push_back(name);
    }
    for (const std::string& name : below) {
      OwnedFd next(::openat(here, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
      if (!next || seen_ > kSeenBelow) continue;
      path_.push_back(name);
      look(std::move(next));
      path_.pop_back();
    }
  }

  void add(const std::string& name, const struct stat& status) {
    // The second name of a file that is stored takes no room.
    const bool alone = status.st_nlink == 1;
    // Whoever removes the name that a file was stored under is to have the room back.
    const bool stored = !alone || had_another_name(status);
    found_.push_back({path_, name, alone ? static_cast<std::uint64_t>(status.st_size) : 0,
                      alone ? static_cast<std::uint64_t>(status.st_blocks) * 512 : 0,
                      status.st_mtime, status.st_ctime, stored});
  }

  std::vector<std::string> path_;
  std::size_t seen_ = 0;
  std::vector<Partial> found_;
};

bool remove(int directory, const Partial& partial) {
  return remove_partial(directory, partial.directory, partial.name);
}

}  // namespace

bool remove_partial(int directory, const std::vector<std::string>& place, const std::string& name) {
  try {
    const OwnedFd here = open_directory_beneath(directory, place, Missing::fail);
    const OwnedFd fd(
        ::openat(here.get(), name.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
    return fd && ::flock(fd.get(), LOCK_EX | LOCK_NB) == 0 &&
           ::unlinkat(here.get(), name.c_str(), 0) == 0;
  } catch (const std::system_error&) {
    return false;  // somebody has moved the directory
  }
}

std::uint64_t sweep_partials(int directory, std::chrono::system_clock::time_point now,
                             std::chrono::seconds remembered) {
  using std::chrono::system_clock;
  const time_t oldest = system_clock::to_time_t(now - kPartialsLive);
  const time_t forgotten = system_clock::to_time_t(now - remembered);
  std::uint64_t left = 0;
  for (const Partial& partial : Search().run(directory)) {
    const bool due = partial.written <= oldest || (partial.stored && partial.changed <= forgotten);
    if (!due || !remove(directory, partial)) left += partial.size;
  }
  return left;
}

void forget_stored(int directory, std::string_view prefix) {
  for (const Partial& partial : Search().run(directory))
    if (partial.stored && partial.name.starts_with(prefix)) remove(directory, partial);
}

bool give_up_partials(int directory, std::uint64_t bytes) {
  std::vector<Partial> found = Search().run(directory);
  const std::uint64_t all =
      std::accumulate(found.begin(), found.end(), std::uint64_t{0},
                      [](std::uint64_t sum, const Partial& partial) { return sum + partial.room; });
  if (all < bytes) return false;
  std::sort(found.begin(), found.end(),
            [](const Partial& a, const Partial& b) { return a.written < b.written; });
  std::uint64_t given = 0;
  for (const Partial& partial : found) {
    if (given >= bytes) break;
    if (partial.room > 0 && remove(directory, partial)) given += partial.room;
  }
  return given >= bytes;
}

}  // namespace talk
