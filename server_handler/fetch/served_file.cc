#include "server_handler/fetch/served_file.h"

#include <sys/stat.h>

#include <system_error>
#include <vector>

#include "common/files/beneath.h"

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
  const OwnedFd base = open_directory(dir);
  const std::vector<std::string> parts = parts_of(name);
  if (parts.empty()) return refused("not allowed");
  try {
    OwnedFd file = open_file_beneath(base.get(), parts);
    struct stat status {};
    if (::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode))
      return refused("not a regular file");
    return {std::move(file), ""};
  } catch (const std::system_error& error) {
    const bool there = error.code() == std::errc::permission_denied;
    return refused(there ? "not readable" : "not found");
  }
}

}  // namespace talk
