#include "talk_server/programs.h"

#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/posix/error.h"
#include "common/posix/spawn.h"

namespace talk {
namespace {

std::string resolved(const std::string& path) {
  char absolute[PATH_MAX];
  if (::realpath(path.c_str(), absolute) == nullptr) throw_errno("use " + path);
  return absolute;
}

std::string directory_of(const std::string& path) { return path.substr(0, path.rfind('/')); }

}  // namespace

OwnPrograms::OwnPrograms(const char* argv0) {
  char path[PATH_MAX];
  const ssize_t size = ::readlink("/proc/self/exe", path, sizeof path - 1);
  if (size > 0) {
    directory_ = directory_of(std::string(path, static_cast<std::size_t>(size)));
    return;
  }
  directory_ = directory_of(resolved(find_program(argv0)));  // there is no /proc
}

std::string OwnPrograms::path(const std::string& name) const {
  const std::string beside = directory_ + "/" + name;
  if (::access(beside.c_str(), F_OK) == 0) return beside;
  return directory_of(directory_) + "/libexec/talk/" + name;
}

}  // namespace talk
