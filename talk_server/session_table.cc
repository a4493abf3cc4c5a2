#include "talk_server/session_table.h"

namespace talk {

bool SessionTable::host_full(const std::string& host) const {
  const auto found = of_host_.find(host);
  return limits_.per_host != 0 && found != of_host_.end() && found->second >= limits_.per_host;
}

void SessionTable::began(long pid, Entry entry) {
  ++of_host_[entry.host];
  running_.emplace(pid, std::move(entry));
}

std::optional<SessionTable::Entry> SessionTable::ended(long pid) {
  const auto found = running_.find(pid);
  if (found == running_.end()) return std::nullopt;
  Entry entry = std::move(found->second);
  running_.erase(found);
  const auto host = of_host_.find(entry.host);
  if (--host->second == 0) of_host_.erase(host);
  return entry;
}

std::vector<long> SessionTable::pids() const {
  std::vector<long> pids;
  for (const auto& [pid, entry] : running_) pids.push_back(pid);
  return pids;
}

}  // namespace talk
