#include "common/posix/user.h"

#include <pwd.h>
#include <unistd.h>

#include <cstdlib>

namespace talk {

std::string login_name() {
  if (const passwd* entry = ::getpwuid(::getuid()); entry != nullptr && *entry->pw_name != '\0')
    return entry->pw_name;
  const char* user = std::getenv("USER");
  return user != nullptr && *user != '\0' ? user : "someone";
}

std::string home_directory() {
  if (const char* home = std::getenv("HOME"); home != nullptr) return home;
  const passwd* entry = ::getpwuid(::getuid());
  return entry != nullptr ? entry->pw_dir : "";
}

}  // namespace talk
