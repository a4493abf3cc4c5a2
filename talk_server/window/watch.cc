#include "talk_server/window/watch.h"

#include <fstream>
#include <iterator>
#include <string>

namespace talk {
namespace {

constexpr milliseconds kLook{100};

}  // namespace

std::optional<std::vector<pid_t>> programs_in(pid_t terminal) {
  const std::string id = std::to_string(terminal);
  std::ifstream children("/proc/" + id + "/task/" + id + "/children");
  if (!children) return std::nullopt;
  return std::vector<pid_t>(std::istream_iterator<pid_t>(children), {});
}

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
    const auto programs = programs_in(pid);
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
