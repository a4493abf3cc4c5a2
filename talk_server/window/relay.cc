#include "talk_server/window/relay.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <stdexcept>

#include "common/posix/environment.h"
#include "common/posix/pass_descriptor.h"
#include "common/posix/signals.h"
#include "common/posix/spawn.h"
#include "common/posix/wait_set.h"
#include "talk_server/session/session_process.h"
#include "talk_server/session/turn_away.h"
#include "talk_server/window/hand_over.h"
#include "talk_server/window/terminal.h"

namespace talk {
namespace {

constexpr std::initializer_list<int> kStops = {SIGTERM, SIGINT, SIGQUIT, SIGHUP};
constexpr std::initializer_list<int> kNoted = {SIGCHLD, SIGTERM, SIGINT, SIGQUIT, SIGHUP};

std::string window_name() { return "talk " + environment("TALK_SESSION"); }

// What the window's side needs to know: handler, working directory, environment.
std::vector<std::string> for_the_window(const std::string& handler) {
  std::error_code unknown;
  std::vector<std::string> words = {handler, std::filesystem::current_path(unknown).string()};
  for (std::string& variable : own_environment()) words.push_back(std::move(variable));
  return words;
}

// The program that opens the window. It may be the window itself, or be gone before that comes: a
// messenger to a process that has all the windows.
class Opener {
 public:
  explicit Opener(const std::vector<std::string>& command)
      : name_(std::filesystem::path(command[0]).filename()) {
    const std::string program = find_program(command[0]);
    if (program.empty()) fail("no such program in PATH");
    // In a group of its own: what stops this process first lets the handler say why it leaves.
    pid_ = Spawner(Spawner::Group::own).start(program, {command}, {own_environment()});
  }
  void collect() {
    if (pid_ > 0 && ::waitpid(pid_, &status_, WNOHANG) == pid_) pid_ = -1;
  }
  void throw_if_failed() const {
    if (pid_ > 0 || status_ == 0) return;
    fail(WIFEXITED(status_) ? "it failed with exit code " + std::to_string(WEXITSTATUS(status_))
                            : "it died of signal " + std::to_string(WTERMSIG(status_)));
  }
  [[noreturn]] void give_up() const {
    if (pid_ > 0) kill_session(pid_);
    fail("no window within " + std::to_string(kWindowPatience.count()) + " s");
  }

 private:
  [[noreturn]] void fail(const std::string& why) const {
    throw std::runtime_error("open a window with " + name_ + ": " + why);
  }

  std::string name_;
  pid_t pid_ = -1;
  int status_ = 0;
};

// The connection of the program in the new window.
OwnedFd new_window(const HandOverSocket& meeting, Opener& opener, Signals& signals) {
  const Time due = Clock::now() + kWindowPatience;
  while (true) {
    WaitSet wait;
    wait.want_read(meeting.fd());
    wait.wake_by(due);
    wait.wait(signals.wait_mask());
    if (wait.can_read(meeting.fd())) return meeting.accept();
    for (const int stop : kStops)
      if (signals.take(stop)) Signals::die_by(stop);
    opener.collect();
    opener.throw_if_failed();
    if (Clock::now() >= due) opener.give_up();
  }
}

// A stop is passed on: the window's side hears the end of this one, and answers with its own.
void wait_for_the_end(int window, Opener& opener, Signals& signals) {
  while (true) {
    WaitSet wait;
    wait.want_read(window);
    wait.wait(signals.wait_mask());
    if (wait.can_read(window)) return;
    opener.collect();
    if (std::any_of(kStops.begin(), kStops.end(), [&](int stop) { return signals.take(stop); }))
      ::shutdown(window, SHUT_WR);
  }
}

}  // namespace

Relay::Relay(std::vector<std::string> command, const std::string& window_side, std::string handler)
    : command_(std::move(command)), window_side_(window_side), handler_(std::move(handler)) {}

void Relay::run(int visitor) const {
  OwnedFd connection(visitor);
  ::fcntl(visitor, F_SETFD, FD_CLOEXEC);
  Signals signals(kNoted);
  std::optional<Opener> opener;
  OwnedFd window;
  try {
    const HandOverSocket meeting;
    opener.emplace(filled_in(command_, {window_side_, "--window", meeting.path()}, window_name()));
    window = new_window(meeting, *opener, signals);
    send_descriptor(window.get(), visitor, for_the_window(handler_));
  } catch (...) {
    turn_away(visitor, kNoWindow);
    throw;
  }
  connection.reset();
  wait_for_the_end(window.get(), *opener, signals);
}

}  // namespace talk
