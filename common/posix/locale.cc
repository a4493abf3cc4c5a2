#include "common/posix/locale.h"

#include <cstdlib>
#include <string_view>

namespace talk {

bool locale_is_utf8() {
  for (const char* const name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const char* const value = std::getenv(name);
    if (value == nullptr || *value == '\0') continue;
    const std::string_view locale = value;
    for (const std::string_view utf8 : {".UTF-8", ".utf8", ".UTF8", ".utf-8"})
      if (locale.find(utf8) != std::string_view::npos) return true;
    return false;
  }
  return false;
}

}  // namespace talk
