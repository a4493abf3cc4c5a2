// Waiting while nothing has been begun that would need an ending: a signal ends the program as if
// it had never been caught.
#pragma once

#include "common/posix/clock.h"
#include "common/posix/signals.h"
#include "common/posix/wait_set.h"

namespace talk {

void interruptible_wait(WaitSet& wait, Signals& signals);
void interruptible_pause(milliseconds duration, Signals& signals);

}  // namespace talk
