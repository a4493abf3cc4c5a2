// talk_tmux HANDLER FD: gives a session a window of the tmux it runs in, as `xterm -e HANDLER FD`
// gives it one on a desktop. tmux's server starts the window's program, which inherits nothing from
// here; so the connection is handed to it through a door:
//
//   talk_server ──► talk_tmux HANDLER FD ── tmux new-window ──► (tmux) ──► talk_tmux --door PATH
//   ──► HANDLER FD
//                     waits for the end  ◄────────── the session, handed over ──────────►
//
// Whichever side ends, the other one does.
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "common/posix/error.h"
#include "common/posix/io.h"
#include "common/posix/program.h"
#include "common/posix/signals.h"
#include "common/posix/wait_set.h"
#include "common/text/decimal.h"
#include "talk_server/window/hand_over.h"

extern char** environ;

namespace talk {
namespace {

constexpr seconds kPatience{4};  // a visitor without a window is let go within 5 s

// What is the window's own; all else in a handler's environment comes from the listener.
bool belongs_to_window(const std::string& variable) {
  for (const char* prefix : {"TERM=", "TERM_PROGRAM", "COLORTERM=", "TMUX=", "TMUX_PANE="})
    if (variable.starts_with(prefix)) return true;
  return false;
}

std::vector<std::string> environment() {
  std::vector<std::string> variables;
  for (char** variable = environ; *variable != nullptr; ++variable)
    variables.emplace_back(*variable);
  return variables;
}

std::string name_of(const std::string& variable) { return variable.substr(0, variable.find('=')); }

void take_environment(std::span<const std::string> variables) {
  for (const std::string& variable : environment())
    if (!belongs_to_window(variable)) ::unsetenv(name_of(variable).c_str());
  for (const std::string& variable : variables) {
    const std::string name = name_of(variable);
    if (name.size() < variable.size() && !belongs_to_window(variable))
      ::setenv(name.c_str(), variable.c_str() + name.size() + 1, 1);
  }
}

pid_t start(const std::vector<std::string>& command, int keep) {
  const pid_t pid = ::fork();
  if (pid < 0) throw_errno("start " + command[0]);
  if (pid > 0) return pid;
  reset_inherited_signals();
  if (keep >= 0) ::fcntl(keep, F_SETFD, 0);
  std::vector<char*> arguments;
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  ::execvp(arguments[0], arguments.data());
  print_error("start " + command[0] + ": " + error_text(errno));
  ::_exit(127);
}

int wait_for(pid_t pid) {
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

// ---- The listener's side ----

// The new window's program, which has come through the door.
OwnedFd new_window(const std::string& program) {
  const Door door;
  const char* const session = std::getenv("TALK_SESSION");
  const std::string title = std::string("talk ") + (session != nullptr ? session : "");
  const std::string directory = std::filesystem::current_path();
  const pid_t tmux = start({"tmux", "new-window", "-d", "-n", title, "-c", directory, "--", program,
                            "--door", door.path()},
                           -1);
  if (wait_for(tmux) != 0)
    throw std::runtime_error("open a window in tmux: tmux new-window failed");
  return door.open(kPatience);
}

void hand_to_window(const OwnedFd& window, const std::string& handler, int visitor) {
  std::vector<std::string> words = environment();
  words.insert(words.begin(), handler);
  hand_over(window.get(), visitor, words);
}

int open_window(const std::string& program, const std::string& handler, int visitor) {
  OwnedFd connection(visitor);
  ::fcntl(visitor, F_SETFD, FD_CLOEXEC);
  ::signal(SIGPIPE, SIG_IGN);
  OwnedFd window;
  try {
    window = new_window(program);
    hand_to_window(window, handler, visitor);
  } catch (...) {
    send_some(visitor, "ERROR: the server cannot open a window for you\r\n");
    ::shutdown(visitor, SHUT_RDWR);
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
  const OwnedFd listener = knock(path);
  Parcel parcel = take_over(listener.get());
  if (parcel.words.empty()) throw std::runtime_error("take over a session: no handler is named");
  take_environment(std::span(parcel.words).subspan(1));
  // Of a closed window only the first process in it is told.
  Signals signals({SIGCHLD, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP});
  const pid_t handler =
      start({parcel.words[0], std::to_string(parcel.descriptor.get())}, parcel.descriptor.get());
  parcel.descriptor.reset();
  bool stopping = false;
  while (true) {
    if (signals.take(SIGHUP)) ::kill(handler, SIGHUP);
    int status = 0;
    if (::waitpid(handler, &status, WNOHANG) == handler) return 0;
    WaitSet wait;
    if (!stopping) wait.want_read(listener.get());
    wait.wait(signals.wait_mask());
    if (wait.can_read(listener.get())) stopping = true;
    if (stopping) ::kill(handler, SIGTERM);
  }
}

int run(int argc, char** argv) {
  const std::string first = argc > 1 ? argv[1] : "";
  if (argc == 3 && first == "--door") return serve_in_window(argv[2]);
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
  return talk::run_program("talk_tmux", [&] { return talk::run(argc, argv); });
}
