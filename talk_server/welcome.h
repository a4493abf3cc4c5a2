// What the person who starts a server can tell visitors: the commands that lead to it.
#pragma once

#include <string>

#include "common/posix/address.h"

namespace talk {

// One line. `handler` is a name or a path, as on the command line; `listening` the server's own
// address, and `machine` the name of this machine.
std::string welcome(const std::string& handler, const Address& listening,
                    const std::string& machine);

// Said to a person, and to nobody else: on stderr where that is a terminal, else on stdout where
// that is one.
void say_welcome(const std::string& handler, const Address& listening);

}  // namespace talk
