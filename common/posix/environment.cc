#include "common/posix/environment.h"

#include <cstdlib>

namespace talk {

std::string environment(const char* name, const std::string& otherwise) {
  const char* const value = std::getenv(name);
  return value != nullptr && *value != '\0' ? value : otherwise;
}

}  // namespace talk
