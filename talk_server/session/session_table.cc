#include "talk_server/session/session_table.h"

#include <algorithm>

#include "common/posix/bug.h"

namespace talk {

bool SessionTable::host_full(const std::string& host) const {
  const auto found = of_host_.find(host);
  return limits_.per_host != 0 && found != of_host_.end() && found->second >= limits_.per_host;
}

void SessionTable::admitted(const Entry& entry) {
  ++starting_;
  ++of_host_[entry.host];
}

void SessionTable::began(pid_t pid, Entry entry) {
  --starting_;
  running_.emplace(pid, Running{std::move(entry)});
}

void SessionTable::talk_over(pid_t pid) {
  Running& session = running(pid);
  if (session.over) return;
  session.over = true;
  ++over_;
  forget_host(session.entry.host);
}

void SessionTable::talk_again(pid_t pid) {
  Running& session = running(pid);
  if (!session.over) return;
  session.over = false;
  --over_;
  ++of_host_[session.entry.host];
}

std::optional<pid_t> SessionTable::process_of(std::uint64_t number) const {
  const auto found = std::find_if(running_.begin(), running_.end(), [&](const auto& entry) {
    return entry.second.entry.number == number;
  });
  return found == running_.end() ? std::nullopt : std::optional(found->first);
}

void SessionTable::failed(const Entry& entry) {
  --starting_;
  forget_host(entry.host);
}

void SessionTable::forget_host(const std::string& host) {
  const auto found = of_host_.find(host);
  if (--found->second == 0) of_host_.erase(found);
}

bool SessionTable::is_over(pid_t pid) const {
  const auto found = running_.find(pid);
  return found != running_.end() && found->second.over;
}

std::optional<SessionTable::Entry> SessionTable::ended(pid_t pid) {
  const auto found = running_.find(pid);
  if (found == running_.end()) return std::nullopt;
  Running session = std::move(found->second);
  running_.erase(found);
  if (session.over)
    --over_;
  else
    forget_host(session.entry.host);
  return std::move(session.entry);
}

std::uint64_t SessionTable::number_of(pid_t pid) { return running(pid).entry.number; }

SessionTable::Running& SessionTable::running(pid_t pid) {
  const auto found = running_.find(pid);
  check(found != running_.end(), "a session that does not run");
  return found->second;
}

std::vector<pid_t> SessionTable::pids() const {
  std::vector<pid_t> pids;
  for (const auto& [pid, session] : running_) pids.push_back(pid);
  return pids;
}

}  // namespace talk
