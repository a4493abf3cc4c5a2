// What a process gives up for good before it reads a stranger's first byte: whoever takes it over
// afterwards has no more than what it needs for its work. Where a system has no means for that, the
// process runs without.
#pragma once

#include <string>

#include "common/confine/rights.h"

namespace talk {

enum class Confine {
  automatic,  // as far as the system can
  require,    // or not at all
  off,        // for debugging
};

// "auto", "require" or "off". Throws UsageError naming `option`.
Confine parse_confine(const std::string& option, const std::string& value);

// In a process of one thread, for all that it starts later. Throws std::runtime_error where it is
// required and cannot be done.
void confine(const Rights& rights, Confine how);

// What this system lacks for it, in words; empty where nothing.
std::string confinement_lacks();

}  // namespace talk
