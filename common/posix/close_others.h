// Gives up whatever a process inherited.
#pragma once

namespace talk {

// Closes all descriptors but `kept` and the standard ones, below which it does not lie.
void close_others(int kept);

}  // namespace talk
