#include "server_handler/served_file.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <vector>

#include "common/posix/error.h"

namespace talk {
namespace {

// The parts of an allowed name; none where it is not allowed.
std::vector<std::string> parts_of(std::string_view name) {
  std::vector<std::string> parts;
  while (true) {
    const std::size_t slash = name.find('/');
    const std::string_view part = name.substr(0, slash);
    if (part.empty() || part.front() == '.' || part.find('\0') != part.npos) return {};
    parts.emplace_back(part);
    if (slash == name.npos) return parts;
    name.remove_prefix(slash + 1);
  }
}

ServedFile refused(const std::string& why) { return {OwnedFd(), why}; }

}  // namespace

ServedFile open_served_file(const std::string& dir, std::string_view name) {
  OwnedFd place(::open(dir.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!place) throw_errno("open the directory " + dir);
  const std::vector<std::string> parts = parts_of(name);
  if (parts.empty()) return refused("not allowed");
  for (std::size_t i = 0; i < parts.size(); ++i) {
    // Not blocking: opening a FIFO would wait for its writer.
    const int kind = i + 1 < parts.size() ? O_DIRECTORY : O_NONBLOCK | O_NOCTTY;
    OwnedFd next(::openat(place.get(), parts[i].c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | kind));
    if (!next) return refused(errno == EACCES ? "not readable" : "not found");
    place = std::move(next);
  }
  struct stat status {};
  if (::fstat(place.get(), &status) != 0 || !S_ISREG(status.st_mode))
    return refused("not a regular file");
  return {std::move(place), ""};
}

}  // namespace talk
