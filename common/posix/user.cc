#include "common/posix/user.h"

#include <pwd.h>
#include <unistd.h>

#include <filesystem>

#include "common/posix/environment.h"

namespace talk {

std::string login_name() {
  if (const passwd* entry = ::getpwuid(::getuid()); entry != nullptr && *entry->pw_name != '\0')
    return entry->pw_name;
  return environment("USER", "someone");
}

std::string home_directory() {
  if (std::string home = environment("HOME"); !home.empty()) return home;
  const passwd* entry = ::getpwuid(::getuid());
  return entry != nullptr ? entry->pw_dir : "";
}

std::string runtime_directory() {
  const std::filesystem::path path = environment("XDG_RUNTIME_DIR");
  std::error_code unknown;
  return path.is_absolute() && std::filesystem::is_directory(path, unknown) ? path.string() : "";
}

}  // namespace talk
