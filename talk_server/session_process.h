// What is done to the process of a session, which may be a handler or a terminal around one.
#pragma once

#include <sys/types.h>

#include <optional>
#include <vector>

namespace talk {

// The processes that `pid` has started, as far as the system says; nothing where it does not.
std::optional<std::vector<pid_t>> children_of(pid_t pid);

// Asks a session to end. A handler that is told itself can say why it leaves, and its window closes
// behind it; from a terminal that is told it would only hear of a closed window. So where `pid` is
// a terminal, what runs in it is told.
void ask_to_end(pid_t pid, bool is_terminal);

// Kills the process, wherever it has moved to, with its group and all that descends from it.
void kill_session(pid_t pid);

// From here on a process whose parent ends becomes this process's child (on Linux): what a session
// leaves behind can still be ended.
void adopt_orphans();

}  // namespace talk
