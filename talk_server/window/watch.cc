#include "talk_server/window/watch.h"

#include "talk_server/session_process.h"

namespace talk {
namespace {

constexpr milliseconds kLook{100};

}  // namespace

void WindowWatch::add(pid_t pid, OwnedFd visitor, Time now) {
  pending_.insert_or_assign(pid, Pending{std::move(visitor), now + kPatience});
}

std::optional<Time> WindowWatch::next_look(Time now) const {
  if (pending_.empty()) return std::nullopt;
  return now + kLook;
}

OwnedFd WindowWatch::take(pid_t pid) {
  const auto found = pending_.find(pid);
  if (found == pending_.end()) return {};
  OwnedFd visitor = std::move(found->second.visitor);
  pending_.erase(found);
  return visitor;
}

std::vector<WindowWatch::Overdue> WindowWatch::take_overdue(Time now) {
  std::vector<Overdue> overdue;
  for (auto it = pending_.begin(); it != pending_.end();) {
    auto& [pid, pending] = *it;
    // A terminal forks only when it has its window. Where the system does not say, it is believed.
    const auto programs = children_of(pid);
    const bool has_window = !programs || !programs->empty();
    if (!has_window && now < pending.deadline) {
      ++it;
      continue;
    }
    if (!has_window) overdue.push_back({pid, std::move(pending.visitor)});
    it = pending_.erase(it);
  }
  return overdue;
}

}  // namespace talk
