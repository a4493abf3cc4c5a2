// Bounds on what one process may use up, whoever drives it. For confine.h only.
#pragma once

#include "common/confine/rights.h"

namespace talk {

void set_limits(const Rights& rights);

}  // namespace talk
