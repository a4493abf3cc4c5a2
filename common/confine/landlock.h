// Which files a process may still open: Linux's Landlock (landlock(7)). For confine.h only.
#pragma once

#include "common/confine/rights.h"

namespace talk {

bool can_confine_files();

// From here on the process opens only what `rights` name, and by the means of this kernel neither
// calls nor listens by TCP, nor reaches processes outside with a signal or at an abstract socket.
// False where that could not be done.
bool confine_files(const Rights& rights);

}  // namespace talk
