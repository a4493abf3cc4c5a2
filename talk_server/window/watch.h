// The connections of visitors with windows. A copy of each is kept while its session's process
// lasts, for two reasons: a visitor whose window does not come is told so instead of waiting for
// ever, and a window that stays to be read when its talk has ended is known by its connection,
// which its handler has shut down.
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
  // `may_fail`: the window may fail to come, and it is known how to see that (Terminal::known).
  void add(pid_t pid, OwnedFd visitor, bool may_fail, Time now);
  // When to look for windows again; nothing while none is still to come.
  std::optional<Time> next_look(Time now) const;

  // Its session says itself what becomes of its links.
  void leave_to_itself(pid_t pid) { windows_.erase(pid); }

  // Of a process that has ended: the visitor, where the window was still to come.
  OwnedFd take(pid_t pid);

  // Those whose window has not come in time; each is returned once.
  struct Overdue {
    pid_t pid;
    OwnedFd visitor;
  };
  std::vector<Overdue> take_overdue(Time now);

  // Those whose talk has ended while the window stays; each is returned once.
  std::vector<pid_t> take_ended_talks();

 private:
  struct Window {
    OwnedFd visitor;
    std::optional<Time> due;  // while it is still to come
  };
  std::map<pid_t, Window> windows_;
};

}  // namespace talk
