// The board in a window of its own, of the kind that the sessions have.
#pragma once

#include <string>

#include "talk_server/window/terminal.h"

namespace talk {

// Starts `program`, which is talk_desk, for the server with that directory of the register. The
// window outlives this process, and shows that it has gone. Throws std::runtime_error.
void open_board(const Terminal& terminal, const std::string& program, const std::string& directory);

}  // namespace talk
