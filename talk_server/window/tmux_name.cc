#include "talk_server/window/tmux_name.h"

#include <sys/wait.h>

#include <cerrno>
#include <string>
#include <system_error>
#include <vector>

#include "common/desk/own_tmux_pane.h"
#include "common/posix/spawn.h"

namespace talk {
namespace {

// A format is read once: what a visitor's name holds of its signs is no format. What a title ends
// in, "— talk", is left out: a list of windows has little room.
constexpr const char* kTitle = "#{s/ [^ ]+ talk$//:pane_title}";

}  // namespace

void let_tmux_name_follow_title() {
  const auto pane = own_tmux_pane();
  const std::string tmux = pane ? find_program("tmux") : "";
  if (tmux.empty()) return;
  const std::vector<std::string> words = {"tmux",
                                          "-S",
                                          pane->server,
                                          "select-pane",
                                          "-t",
                                          pane->pane,
                                          "-T",
                                          "#W",
                                          ";",
                                          "set-window-option",
                                          "-t",
                                          pane->pane,
                                          "automatic-rename-format",
                                          kTitle,
                                          ";",
                                          "set-window-option",
                                          "-t",
                                          pane->pane,
                                          "automatic-rename",
                                          "on"};
  try {
    const pid_t pid = Spawner(Spawner::Group::inherited).start(tmux, {words}, {own_environment()});
    while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
    }
  } catch (const std::system_error&) {
    // The window keeps the name that it was opened with.
  }
}

}  // namespace talk
