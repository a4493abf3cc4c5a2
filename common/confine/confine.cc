#include "common/confine/confine.h"

#include <stdlib.h>
#include <time.h>

#include <stdexcept>

#include "common/confine/capabilities.h"
#include "common/confine/landlock.h"
#include "common/confine/limits.h"
#include "common/confine/system_calls.h"
#include "common/posix/error.h"

namespace talk {
namespace {

// The sanitizers look at all of the process when it ends, and in ways that nobody else needs.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;
#elif defined(__has_feature)
constexpr bool kSanitized = __has_feature(address_sanitizer) || __has_feature(thread_sanitizer);
#else
constexpr bool kSanitized = false;
#endif

// The C library would read the time zone's file again and again, to see whether it has changed; a
// zone that was named it reads once.
void read_time_zone() {
  ::setenv("TZ", ":/etc/localtime", 0);
  ::tzset();
}

}  // namespace

Confine parse_confine(const std::string& option, const std::string& value) {
  if (value == "auto") return Confine::automatic;
  if (value == "require") return Confine::require;
  if (value == "off") return Confine::off;
  throw UsageError(option + " must be auto, require or off, not '" + value + "'");
}

void confine(const Rights& rights, Confine how) {
  read_time_zone();
  if (how == Confine::off || kSanitized) return;
  if (how == Confine::require) {
    const std::string lacks = confinement_lacks();
    if (!lacks.empty()) throw std::runtime_error("confine this process: " + lacks);
  }
  set_limits(rights);
  const bool files = confine_files(rights);
  const bool powers = drop_capabilities(rights);
  const bool calls = confine_system_calls(rights);
  if (how == Confine::require && !(files && powers && calls))
    throw std::runtime_error("confine this process: the system refused");
}

std::string confinement_lacks() {
  std::string lacks;
  if (!can_confine_files()) lacks = "no Landlock, files are not confined";
  if (can_confine_system_calls()) return lacks;
  if (!lacks.empty()) lacks += "; ";
  return lacks + "no seccomp, system calls are not confined";
}

}  // namespace talk
