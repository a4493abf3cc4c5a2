#include "talk_server/window/in_window.h"

#include <signal.h>
#include <sys/wait.h>

#include <filesystem>
#include <span>
#include <stdexcept>
#include <vector>

#include "common/posix/pass_descriptor.h"
#include "common/posix/signals.h"
#include "common/posix/spawn.h"
#include "common/posix/unix_socket.h"
#include "common/posix/wait_set.h"
#include "talk_server/session/session_process.h"
#include "talk_server/window/tmux_name.h"

namespace talk {
namespace {

constexpr seconds kStopTime{3};  // for a handler that was asked to end

// What the terminal says of itself and of this window; all else in a handler's environment comes
// from the listener. Handlers of ours keep of it what they ask for (common/confine/environment.cc).
bool belongs_to_window(const std::string& variable) {
  for (const char* prefix :
       {"TERM=", "TERM_PROGRAM", "TERMINFO", "COLORTERM=", "XTERM_VERSION=", "COLORFGBG=",
        "WINDOWID=", "VTE_VERSION=", "KITTY_", "KONSOLE_", "TMUX=", "TMUX_PANE="})
    if (variable.starts_with(prefix)) return true;
  return false;
}

// The handler's: the listener's, but for what is the window's own.
std::vector<std::string> environment_in_window(std::span<const std::string> of_listener) {
  std::vector<std::string> variables;
  for (const std::string& variable : own_environment())
    if (belongs_to_window(variable)) variables.push_back(variable);
  for (const std::string& variable : of_listener)
    if (!belongs_to_window(variable)) variables.push_back(variable);
  return variables;
}

}  // namespace

void serve_in_window(const std::string& path) {
  const OwnedFd relay = connect_to_path(path);
  PassedDescriptor visitor = receive_descriptor(relay.get());
  if (visitor.words.size() < 2) throw std::runtime_error("open a window: no handler is named");
  std::error_code gone;
  std::filesystem::current_path(visitor.words[1], gone);
  // Of a closed window only the first process in it is told.
  Signals signals({SIGCHLD, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP});
  const std::vector<std::string> command = {visitor.words[0],
                                            std::to_string(visitor.descriptor.get())};
  let_tmux_name_follow_title();
  const pid_t handler = Spawner(Spawner::Group::inherited)
                            .start(command[0], {command},
                                   {environment_in_window(std::span(visitor.words).subspan(2))},
                                   {{visitor.descriptor.get(), visitor.descriptor.get()}});
  visitor.descriptor.reset();
  bool stopped = false;  // the relay has ended
  std::optional<Time> kill_at;
  while (true) {
    for (const int end : {SIGHUP, SIGTERM})
      if (signals.take(end)) ::kill(handler, end);
    int status = 0;
    if (::waitpid(handler, &status, WNOHANG) == handler) return;
    WaitSet wait;
    wait.wake_by(kill_at);
    if (!stopped) wait.want_read(relay.get());
    wait.wait(signals.wait_mask());
    if (wait.can_read(relay.get())) {
      stopped = true;
      kill_at = Clock::now() + kStopTime;
      ::kill(handler, SIGTERM);
    }
    if (kill_at && Clock::now() >= *kill_at) kill_session(handler);
  }
}

}  // namespace talk
