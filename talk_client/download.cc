#include "talk_client/download.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <span>
#include <stdexcept>

#include "common/files/beneath.h"
#include "common/files/file_name.h"
#include "common/posix/directory_entries.h"

namespace talk {
namespace {

// Nobody goes on with these, unlike other partial files.
const std::string kPrefix = std::string(kPartialPrefix) + "get-";
constexpr int kMostAtOnce = 16;

bool is_abandoned(const OwnedFd& file) {
  struct stat status {};
  return file && ::fstat(file.get(), &status) == 0 && S_ISREG(status.st_mode) &&
         status.st_uid == ::geteuid() && ::flock(file.get(), LOCK_EX | LOCK_NB) == 0;
}

OwnedFd directory_of(const Inbox& inbox, std::span<const std::string> parts) {
  return open_directory_beneath(inbox.fd(), parts.first(parts.size() - 1), Missing::create);
}

}  // namespace

// One whose process lives is locked.
void sweep_downloads(int directory) {
  DirectoryEntries entries(OwnedFd(::openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)));
  if (!entries) return;
  while (const dirent* entry = entries.next()) {
    const std::string name = entry->d_name;
    if (!name.starts_with(kPrefix) || !is_partial_name(name)) continue;
    const OwnedFd file(
        ::openat(directory, name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    if (is_abandoned(file)) ::unlinkat(directory, name.c_str(), 0);
  }
}

Download::Download(Inbox& inbox, const std::vector<std::string>& parts, std::uint64_t size)
    : inbox_(inbox), name_(parts.back()), file_(directory_of(inbox, parts)), reserved_(size) {
  sweep_downloads(file_.directory());
  bool made = false;
  for (int count = 1; count <= kMostAtOnce && !made; ++count)
    made = file_.create(kPrefix + std::to_string(::getpid()) + "-" + std::to_string(count) +
                        std::string(kPartialSuffix));
  if (!made) throw std::runtime_error("the names for files on their way are all taken");
  inbox_.reserve(file_.directory(), reserved_);
}

void Download::publish() {
  file_.make_durable();
  file_.appear_beside(name_);
}

}  // namespace talk
