// Visitors whose window is still to come. A copy of each one's connection is kept meanwhile, so
// that a visitor who gets none is told so instead of waiting for ever.
#pragma once

#include <sys/types.h>

#include <map>
#include <optional>
#include <vector>

#include "common/posix/clock.h"
#include "common/posix/owned_fd.h"

namespace talk {

class WindowWatch {
 public:
  // How long a window may take to come; its visitor is promised an end within 5 s.
  static constexpr seconds kPatience{4};

  void add(pid_t pid, OwnedFd visitor, Time now);
  // When to look again; nothing while nobody waits.
  std::optional<Time> next_look(Time now) const;

  // The visitor of a process that has ended, where its window was still to come.
  OwnedFd take(pid_t pid);

  // Forgets those who have their window by now, and those whose time is over; returns the latter.
  struct Overdue {
    pid_t pid;
    OwnedFd visitor;
  };
  std::vector<Overdue> take_overdue(Time now);

 private:
  struct Pending {
    OwnedFd visitor;
    Time deadline;
  };
  std::map<pid_t, Pending> pending_;
};

}  // namespace talk
