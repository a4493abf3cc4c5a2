#include "common/posix/locale.h"

#include <string>

#include "common/posix/environment.h"

namespace talk {

bool locale_is_utf8() {
  for (const char* const name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const std::string locale = environment(name);
    if (locale.empty()) continue;
    for (const char* const utf8 : {".UTF-8", ".utf8", ".UTF8", ".utf-8"})
      if (locale.find(utf8) != std::string::npos) return true;
    return false;
  }
  return false;
}

}  // namespace talk
