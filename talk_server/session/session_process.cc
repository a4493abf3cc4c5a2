#include "talk_server/session/session_process.h"

#include <signal.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace talk {

// Each child is listed with the thread that started it.
std::optional<std::vector<pid_t>> children_of(pid_t pid) {
  std::vector<pid_t> children;
  bool known = false;
  std::error_code gone;
  std::filesystem::directory_iterator task("/proc/" + std::to_string(pid) + "/task", gone);
  for (; !gone && task != std::filesystem::directory_iterator(); task.increment(gone)) {
    std::ifstream of_thread(task->path() / "children");
    known |= of_thread.is_open();
    children.insert(children.end(), std::istream_iterator<pid_t>(of_thread), {});
  }
  return known ? std::optional(std::move(children)) : std::nullopt;
}

void ask_to_end(pid_t pid, bool is_terminal) {
  const std::vector<pid_t> handlers =
      is_terminal ? children_of(pid).value_or(std::vector<pid_t>{}) : std::vector<pid_t>{};
  for (const pid_t handler : handlers) ::kill(handler, SIGTERM);
  if (handlers.empty()) ::kill(::getpgid(pid) == pid ? -pid : pid, SIGTERM);
}

void kill_session(pid_t pid) {
  std::vector<pid_t> all = {pid};
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto children = children_of(all[i]);
    if (children) all.insert(all.end(), children->begin(), children->end());
  }
  for (const pid_t process : all) ::kill(process, SIGKILL);
  ::kill(-pid, SIGKILL);
}

EndingProcesses::EndingProcesses(std::vector<pid_t> sessions) : sessions_(std::move(sessions)) {
  for (const pid_t pid : left()) strangers_.insert(pid);
  for (const pid_t pid : sessions_) strangers_.erase(pid);
#ifdef __linux__
  ::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
#endif
}

std::vector<pid_t> EndingProcesses::left() const {
  const auto children = children_of(::getpid());
  std::vector<pid_t> left = children.value_or(sessions_);
  std::erase_if(left, [&](pid_t pid) {
    return strangers_.count(pid) != 0 || (!children && ::kill(pid, 0) != 0);
  });
  return left;
}

}  // namespace talk
