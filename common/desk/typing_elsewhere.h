// Whether the person at the desk is in the middle of a line in another window: of a session or a
// board, of whichever of their servers.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>

#include "common/posix/clock.h"

namespace talk {

// So long behind a key its window counts as typed in, though its line may be empty.
inline constexpr seconds kTypedLately{10};

// Asks the sessions and boards in a directory of the register, and in those beside it, but session
// number `own` there; who does not answer at once is not waited for.
bool typing_elsewhere(const std::string& directory, std::uint64_t own);

// Where a board is asked, and what it answers.
std::string board_socket(const std::string& directory, pid_t process);
std::string board_answer(bool typing);

}  // namespace talk
