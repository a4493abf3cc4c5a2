// What talk_desk does for scripts: it asks, prints and ends.
#pragma once

#include <string>

#include "common/desk/register.h"
#include "talk_server/board/options.h"

namespace talk {

// Does what `options` ask for of the server and returns the exit code.
int run_command(const RegisteredServer& server, const BoardOptions& options);

}  // namespace talk
