#include "common/desk/own_tmux_pane.h"

#include <algorithm>

#include "common/posix/environment.h"

namespace talk {

std::optional<TmuxPane> own_tmux_pane() {
  // An xterm that was started from within tmux has inherited the rest.
  const std::string term = environment("TERM");
  if (!term.starts_with("tmux") && !term.starts_with("screen")) return std::nullopt;
  std::string server = environment("TMUX");  // PATH,PROCESS,SESSION
  const std::string pane = environment("TMUX_PANE");
  for (int i = 0; i < 2; ++i) server.erase(std::min(server.rfind(','), server.size()));
  if (server.empty() || pane.empty()) return std::nullopt;
  return TmuxPane{server, pane};
}

}  // namespace talk
