// What this machine knows of a server that runs on it, for what no connection shows. Where it does
// not say (not Linux, another user's process, another machine) the answer is nothing.
#pragma once

#include <sys/types.h>

#include <optional>

namespace talk::clinic {

// The process that listens on `port`.
std::optional<pid_t> listening_process(int port);

// How many children of the process have ended and were not waited for.
int zombies_of(pid_t process);

// Whether the listening socket of `port` has SO_REUSEADDR.
std::optional<bool> reuses_address(pid_t process, int port);

}  // namespace talk::clinic
