#include "talk_server/board/tmux_window.h"

#include <sys/wait.h>

#include <cerrno>
#include <stdexcept>
#include <string>
#include <vector>

#include "common/posix/spawn.h"

namespace talk {

void select_tmux_window(const TmuxPane& window) {
  const std::string tmux = find_program("tmux");
  if (tmux.empty()) throw std::runtime_error("raise a window of tmux: no such program in PATH");
  const std::vector<std::string> command = {"tmux",          "-S", window.server,
                                            "select-window", "-t", window.pane};
  const pid_t pid = Spawner(Spawner::Group::inherited).start(tmux, {command}, {own_environment()});
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (status != 0) throw std::runtime_error("raise a window of tmux: tmux select-window failed");
}

}  // namespace talk
