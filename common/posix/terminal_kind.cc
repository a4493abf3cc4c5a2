#include "common/posix/terminal_kind.h"

#include <cstdlib>
#include <string_view>

namespace talk {

bool terminal_is_dumb() {
  const char* const term = std::getenv("TERM");
  return term == nullptr || *term == '\0' || std::string_view(term) == "dumb";
}

bool colour_is_wanted() {
  const char* const none = std::getenv("NO_COLOR");
  return none == nullptr || *none == '\0';
}

}  // namespace talk
