// What sessions say on standard error gets into this server's log, and whoever has taken a session
// over gets no hold of the log itself: a file could be emptied, a terminal set, a socket shut down.
#pragma once

#include "common/confine/confine.h"
#include "common/posix/owned_fd.h"

namespace talk {

// The descriptor that is to be the sessions' standard error: the writing end, close-on-exec, of a
// pipe from which a process of its own writes into this one's, as long as anybody has that end.
// None where standard error is a pipe already, or nothing that could be harmed. In a process of one
// thread. Throws std::system_error.
OwnedFd start_log_relay(Confine how);

}  // namespace talk
