#include "talk_server/window/watch.h"

#include <algorithm>

#include "common/posix/tcp_state.h"
#include "talk_server/session/session_process.h"
#include "talk_server/window/terminal.h"

namespace talk {
namespace {

constexpr milliseconds kLook{100};

// A terminal forks only when it has its window. Where the system does not say, it is believed.
bool has_come(pid_t terminal) {
  const auto programs = children_of(terminal);
  return !programs || !programs->empty();
}

}  // namespace

void WindowWatch::add(pid_t pid, OwnedFd visitor, bool may_fail, Time now) {
  const std::optional<Time> due = may_fail ? std::optional(now + kWindowPatience) : std::nullopt;
  windows_.insert_or_assign(pid, Window{std::move(visitor), due});
}

std::optional<Time> WindowWatch::next_look(Time now) const {
  const bool some_to_come = std::any_of(windows_.begin(), windows_.end(),
                                        [](const auto& entry) { return entry.second.due; });
  return some_to_come ? std::optional(now + kLook) : std::nullopt;
}

OwnedFd WindowWatch::take(pid_t pid) {
  const auto found = windows_.find(pid);
  if (found == windows_.end()) return {};
  Window window = std::move(found->second);
  windows_.erase(found);
  return window.due ? std::move(window.visitor) : OwnedFd();
}

std::vector<WindowWatch::Overdue> WindowWatch::take_overdue(Time now) {
  std::vector<Overdue> overdue;
  for (auto it = windows_.begin(); it != windows_.end();) {
    auto& [pid, window] = *it;
    if (window.due && has_come(pid)) window.due.reset();
    if (!window.due || now < *window.due) {
      ++it;
      continue;
    }
    overdue.push_back({pid, std::move(window.visitor)});
    it = windows_.erase(it);
  }
  return overdue;
}

std::vector<pid_t> WindowWatch::take_ended_talks() {
  std::vector<pid_t> ended;
  for (auto it = windows_.begin(); it != windows_.end();) {
    const auto& [pid, window] = *it;
    const bool over = !window.due && is_shut_down(window.visitor.get());
    if (over) ended.push_back(pid);
    it = over ? windows_.erase(it) : std::next(it);
  }
  return ended;
}

}  // namespace talk
