// What is done to the process of a session, which may be a handler or a terminal around one.
#pragma once

#include <sys/types.h>

#include <optional>
#include <set>
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

// The processes of the sessions that are to end now, and what they leave behind: from here on a
// process whose parent ends becomes this process's child (on Linux), whatever group or session of
// its own it has made for itself. What had left its session before is its owner's affair.
class EndingProcesses {
 public:
  explicit EndingProcesses(std::vector<pid_t> sessions);
  // Those that have not been collected yet.
  std::vector<pid_t> left() const;

 private:
  std::vector<pid_t> sessions_;
  std::set<pid_t> strangers_;  // children of this process before, and no session's
};

}  // namespace talk
