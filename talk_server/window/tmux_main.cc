// talk_tmux HANDLER FD: gives a session a window of the tmux it runs in, as `xterm -e HANDLER FD`
// gives it one on a desktop. tmux's server starts the window's program, which inherits nothing from
// here; so the connection is sent to it over a Unix socket:
//
//   talk_server ──► talk_tmux HANDLER FD ── tmux new-window ──► (tmux) ──► talk_tmux --window PATH
//                     │ waits for the end  ◄──── the connection, at PATH ────►       │
//                                                                                    └─► HANDLER FD
//
// Whichever side ends, the other one does.
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "common/posix/error.h"
#include "common/posix/pass_descriptor.h"
#include "common/posix/program.h"
#include "common/posix/signals.h"
#include "common/posix/unix_socket.h"
#include "common/posix/wait_set.h"
#include "common/text/decimal.h"
#include "talk_server/session_process.h"
#include "talk_server/spawn.h"
#include "talk_server/turn_away.h"
#include "talk_server/window/hand_over.h"

namespace talk {
namespace {

constexpr seconds kPatience{4};  // a visitor without a window is let go within 5 s
constexpr seconds kStopTime{3};  // for a handler that was asked to end

// What is the window's own; all else in a handler's environment comes from the listener.
bool belongs_to_window(const std::string& variable) {
  for (const char* prefix : {"TERM=", "TERM_PROGRAM", "COLORTERM=", "TMUX=", "TMUX_PANE="})
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

int wait_for(pid_t pid) {
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

// ---- The listener's side ----

// The connection of the new window's program.
OwnedFd new_window(const std::string& program) {
  const HandOverSocket meeting;
  const char* const session = std::getenv("TALK_SESSION");
  const std::string title = std::string("talk ") + (session != nullptr ? session : "");
  const std::string directory = std::filesystem::current_path();
  const std::vector<std::string> command = {"tmux",  "new-window", "-d",          "-n",
                                            title,   "-c",         directory,     "--",
                                            program, "--window",   meeting.path()};
  const std::string tmux = find_program(command[0]);
  if (tmux.empty()) throw std::runtime_error("open a window in tmux: no such program in PATH");
  const Spawner spawner(Spawner::Group::inherited);
  if (wait_for(spawner.start(tmux, {command}, {own_environment()}, -1)) != 0)
    throw std::runtime_error("open a window in tmux: tmux new-window failed");
  return meeting.accept(kPatience);
}

void send_to_window(const OwnedFd& window, const std::string& handler, int visitor) {
  std::vector<std::string> words = own_environment();
  words.insert(words.begin(), handler);
  send_descriptor(window.get(), visitor, words);
}

int open_window(const std::string& program, const std::string& handler, int visitor) {
  OwnedFd connection(visitor);
  ::fcntl(visitor, F_SETFD, FD_CLOEXEC);
  ::signal(SIGPIPE, SIG_IGN);
  OwnedFd window;
  try {
    window = new_window(program);
    send_to_window(window, handler, visitor);
  } catch (...) {
    turn_away(visitor, kNoWindow);
    throw;
  }
  connection.reset();

  char nothing = 0;  // until the window's end, or this process's
  while (::read(window.get(), &nothing, 1) < 0 && errno == EINTR) {
  }
  return 0;
}

// ---- The window's side ----

int serve_in_window(const std::string& path) {
  const OwnedFd listener = connect_to_path(path);
  PassedDescriptor visitor = receive_descriptor(listener.get());
  if (visitor.words.empty()) throw std::runtime_error("open a window: no handler is named");
  // Of a closed window only the first process in it is told.
  Signals signals({SIGCHLD, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP});
  const std::vector<std::string> command = {visitor.words[0],
                                            std::to_string(visitor.descriptor.get())};
  const pid_t handler = Spawner(Spawner::Group::inherited)
                            .start(command[0], {command},
                                   {environment_in_window(std::span(visitor.words).subspan(1))},
                                   visitor.descriptor.get());
  visitor.descriptor.reset();
  std::optional<Time> kill_at;  // once the listener's side has ended
  while (true) {
    if (signals.take(SIGHUP)) ::kill(handler, SIGHUP);
    int status = 0;
    if (::waitpid(handler, &status, WNOHANG) == handler) return 0;
    WaitSet wait;
    wait.wake_by(kill_at);
    if (!kill_at) wait.want_read(listener.get());
    wait.wait(signals.wait_mask());
    if (wait.can_read(listener.get())) {
      kill_at = Clock::now() + kStopTime;
      ::kill(handler, SIGTERM);
    }
    if (kill_at && Clock::now() >= *kill_at) kill_session(handler);
  }
}

int run(int argc, char** argv) {
  const std::string first = argc > 1 ? argv[1] : "";
  if (argc == 3 && first == "--window") return serve_in_window(argv[2]);
  if (argc != 3) throw UsageError("HANDLER and FD are needed");
  const auto visitor = decimal<int>(argv[2]);
  if (!visitor || *visitor < 0)
    throw UsageError(std::string("FD is a number, not '") + argv[2] + "'");
  const std::string program = std::filesystem::absolute(argv[0]).string();  // started by its path
  return open_window(program, first, *visitor);
}

}  // namespace
}  // namespace talk

int main(int argc, char** argv) {
  return talk::run_program("talk_tmux", talk::ErrorLine::never_waits,
                           [&] { return talk::run(argc, argv); });
}
