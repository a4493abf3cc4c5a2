// Gives up whatever a process inherited.
#pragma once

namespace talk {

// Closes all descriptors but the standard ones and `kept`, which is 3 or more.
void close_others(int kept);

}  // namespace talk
