#include "common/files/beneath.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>

#include "common/posix/error.h"

namespace talk {
namespace {

constexpr int kDirectory = O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK;

// The system calls a link in the way a loop, or no directory.
[[noreturn]] void refuse(int directory, const std::string& part) {
  const int error = errno;
  struct stat status {};
  if (::fstatat(directory, part.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0 &&
      S_ISLNK(status.st_mode))
    throw_error(error, "'" + part + "' is a symbolic link");
  throw_error(error, "open '" + part + "'");
}

// False where somebody else has just made it.
bool make_directory(int parent, const std::string& name) {
  const bool made = ::mkdirat(parent, name.c_str(), 0777) == 0;
  if (!made && errno != EEXIST) throw_errno("make directory '" + name + "'");
  if (made) ::fsync(parent);
  return made;
}

}  // namespace

OwnedFd open_directory(const std::string& path) {
  OwnedFd fd(::open(path.c_str(), kDirectory));
  if (!fd) throw_errno("open directory '" + path + "'");
  return fd;
}

OwnedFd open_directory_beneath(int base, std::span<const std::string> parts, Missing missing,
                               std::size_t* made) {
  OwnedFd here(::openat(base, ".", kDirectory));
  if (!here) throw_errno("open the directory");
  for (const std::string& part : parts) {
    OwnedFd next(::openat(here.get(), part.c_str(), kDirectory | O_NOFOLLOW));
    if (!next && errno == ENOENT && missing == Missing::create) {
      const bool made_here = make_directory(here.get(), part);
      if (made != nullptr && made_here) ++*made;
      next.reset(::openat(here.get(), part.c_str(), kDirectory | O_NOFOLLOW));
    }
    if (!next) refuse(here.get(), part);
    here = std::move(next);
  }
  return here;
}

OwnedFd open_file_beneath(int base, std::span<const std::string> parts) {
  const OwnedFd directory =
      open_directory_beneath(base, parts.first(parts.size() - 1), Missing::fail);
  const std::string& leaf = parts.back();
  OwnedFd fd(::openat(directory.get(), leaf.c_str(),
                      O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  if (!fd) refuse(directory.get(), leaf);
  return fd;
}

}  // namespace talk
