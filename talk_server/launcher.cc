#include "talk_server/launcher.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <memory>

#include "common/posix/error.h"

extern char** environ;

namespace talk {
namespace {

// What posix_spawn is to do on the way, given back at the end.
class SpawnPlan {
 public:
  SpawnPlan() {
    ::posix_spawn_file_actions_init(&actions_);
    ::posix_spawnattr_init(&attributes_);
  }
  ~SpawnPlan() {
    ::posix_spawnattr_destroy(&attributes_);
    ::posix_spawn_file_actions_destroy(&actions_);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;

  // Everything else is close-on-exec already.
  void keep(int fd) { ::posix_spawn_file_actions_adddup2(&actions_, fd, fd); }
  void open_null(int fd) {
    ::posix_spawn_file_actions_addopen(&actions_, fd, "/dev/null", O_RDWR, 0);
  }
  // Ignored signals are inherited through exec: every one is set back. The group of its own keeps
  // a ^C at the listener's terminal from reaching the sessions before they are told.
  void reset_signals_and_group() {
    sigset_t all;
    sigset_t none;
    sigfillset(&all);
    sigemptyset(&none);
    ::posix_spawnattr_setsigdefault(&attributes_, &all);
    ::posix_spawnattr_setsigmask(&attributes_, &none);
    ::posix_spawnattr_setpgroup(&attributes_, 0);
    ::posix_spawnattr_setflags(
        &attributes_, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
  }

  const posix_spawn_file_actions_t* actions() const { return &actions_; }
  const posix_spawnattr_t* attributes() const { return &attributes_; }

 private:
  posix_spawn_file_actions_t actions_;
  posix_spawnattr_t attributes_;
};

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> result;
  for (std::string& word : words) result.push_back(word.data());
  result.push_back(nullptr);
  return result;
}

bool is_ours(const std::string& variable) {
  for (const char* prefix : {"TALK_", "PROTO=", "TCPLOCAL", "TCPREMOTE"})
    if (variable.starts_with(prefix)) return true;
  return false;
}

}  // namespace

void check_program(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) throw_errno("start the handler " + path);
  if (!S_ISREG(status.st_mode))
    throw std::runtime_error("start the handler " + path + ": not a file");
  if (::access(path.c_str(), X_OK) != 0) throw_errno("start the handler " + path);
}

void close_on_exec_from(int lowest) {
  const std::unique_ptr<DIR, int (*)(DIR*)> open_ones(::opendir("/dev/fd"), ::closedir);
  if (!open_ones) return;
  while (const dirent* entry = ::readdir(open_ones.get())) {
    const int fd = std::atoi(entry->d_name);
    if (fd >= lowest) ::fcntl(fd, F_SETFD, FD_CLOEXEC);
  }
}

Launcher::Launcher(std::vector<std::string> terminal, std::string handler,
                   std::vector<std::string> settings)
    : arguments_(std::move(terminal)), handler_(std::move(handler)), window_(!arguments_.empty()) {
  arguments_.push_back(handler_);
  for (char** variable = environ; *variable != nullptr; ++variable)
    if (!is_ours(*variable)) environment_.emplace_back(*variable);
  for (std::string& setting : settings) environment_.push_back(std::move(setting));
}

pid_t Launcher::start(const Visitor& visitor) const {
  check_program(handler_);
  std::vector<std::string> arguments = arguments_;
  arguments.push_back(std::to_string(visitor.socket));
  std::vector<std::string> environment = environment_;
  environment.push_back("PROTO=TCP");
  environment.push_back("TCPLOCALIP=" + visitor.local.ip);
  environment.push_back("TCPLOCALPORT=" + std::to_string(visitor.local.port));
  environment.push_back("TCPREMOTEIP=" + visitor.remote.ip);
  environment.push_back("TCPREMOTEPORT=" + std::to_string(visitor.remote.port));
  environment.push_back("TALK_SESSION=" + std::to_string(visitor.session));

  SpawnPlan plan;
  plan.keep(visitor.socket);
  plan.reset_signals_and_group();
  plan.open_null(STDIN_FILENO);
  if (!window_) plan.open_null(STDOUT_FILENO);
  pid_t pid = -1;
  const int error = ::posix_spawnp(&pid, arguments[0].c_str(), plan.actions(), plan.attributes(),
                                   pointers(arguments).data(), pointers(environment).data());
  if (error != 0) throw_error(error, "start " + arguments[0]);
  return pid;
}

}  // namespace talk
