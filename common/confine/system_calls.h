// Which system calls a process may still make: Linux's seccomp (seccomp(2)). For confine.h only.
#pragma once

#include "common/confine/rights.h"

namespace talk {

bool can_confine_system_calls();

// From here on whatever is not in the lists is refused with EPERM. False where that could not be
// done.
bool confine_system_calls(const Rights& rights);

}  // namespace talk
