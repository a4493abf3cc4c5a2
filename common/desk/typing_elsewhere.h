// Whether the person at the desk is in the middle of a line in another window.
#pragma once

#include <cstdint>
#include <string>

namespace talk {

// Asks the sessions in a directory of the register but number `own`; who does not answer at once is
// not waited for.
bool typing_elsewhere(const std::string& directory, std::uint64_t own);

}  // namespace talk
