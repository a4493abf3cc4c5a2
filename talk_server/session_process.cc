#include "talk_server/session_process.h"

#include <signal.h>

#include <fstream>
#include <iterator>
#include <string>

namespace talk {

std::optional<std::vector<pid_t>> children_of(pid_t pid) {
  const std::string id = std::to_string(pid);
  std::ifstream children("/proc/" + id + "/task/" + id + "/children");
  if (!children) return std::nullopt;
  return std::vector<pid_t>(std::istream_iterator<pid_t>(children), {});
}

void ask_to_end(pid_t pid, bool is_terminal) {
  const std::vector<pid_t> handlers =
      is_terminal ? children_of(pid).value_or(std::vector<pid_t>{}) : std::vector<pid_t>{};
  for (const pid_t handler : handlers) ::kill(handler, SIGTERM);
  if (handlers.empty()) ::kill(-pid, SIGTERM);
}

void kill_session(pid_t pid) { ::kill(-pid, SIGKILL); }

}  // namespace talk
