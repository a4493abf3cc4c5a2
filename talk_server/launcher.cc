#include "talk_server/launcher.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <span>

#include "common/posix/error.h"
#include "common/posix/owned_fd.h"
#include "common/text/decimal.h"

extern char** environ;

namespace talk {
namespace {

// The one descriptor that a handler inherits; everything else is close-on-exec already.
class Inheritance {
 public:
  explicit Inheritance(int fd) {
    ::posix_spawn_file_actions_init(&actions_);
    ::posix_spawn_file_actions_adddup2(&actions_, fd, fd);
  }
  ~Inheritance() { ::posix_spawn_file_actions_destroy(&actions_); }
  Inheritance(const Inheritance&) = delete;
  Inheritance& operator=(const Inheritance&) = delete;

  const posix_spawn_file_actions_t* actions() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_;
};

// What exec wants of the words and of some more. It does not change them, whatever its type says.
std::vector<char*> pointers(const std::vector<std::string>& words,
                            std::span<const std::string> more) {
  std::vector<char*> result;
  result.reserve(words.size() + more.size() + 1);
  for (const std::string& word : words) result.push_back(const_cast<char*>(word.c_str()));
  for (const std::string& word : more) result.push_back(const_cast<char*>(word.c_str()));
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
    const auto fd = decimal<int>(entry->d_name);
    if (fd && *fd >= lowest) ::fcntl(*fd, F_SETFD, FD_CLOEXEC);
  }
}

void fill_standard_streams() {
  int fd;
  do {
    fd = ::open("/dev/null", O_RDWR);
    if (fd < 0) throw_errno("open /dev/null");
  } while (fd <= STDERR_FILENO);
  ::close(fd);
}

void leave_standard_streams() {
  const OwnedFd null(::open("/dev/null", O_RDWR | O_CLOEXEC));
  if (!null) throw_errno("open /dev/null");
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO})
    if (::dup2(null.get(), fd) < 0) throw_errno("leave standard input and output");
}

Launcher::Launcher(std::vector<std::string> terminal, std::string handler,
                   std::vector<std::string> settings)
    : arguments_(std::move(terminal)), handler_(std::move(handler)), window_(!arguments_.empty()) {
  arguments_.push_back(handler_);
  for (char** variable = environ; *variable != nullptr; ++variable)
    if (!is_ours(*variable)) environment_.emplace_back(*variable);
  for (std::string& setting : settings) environment_.push_back(std::move(setting));
  environment_.push_back("PROTO=TCP");

  // Ignored signals are inherited through exec: every one is set back. The group of its own keeps
  // a ^C at the listener's terminal from reaching the sessions before they are told.
  sigset_t all;
  sigset_t none;
  sigfillset(&all);
#ifdef __GLIBC__
  std::memset(&all, 0xff, sizeof all);  // its own two as well, or posix_spawn leaves them ignored
#endif
  sigemptyset(&none);
  ::posix_spawnattr_init(&attributes_);
  ::posix_spawnattr_setsigdefault(&attributes_, &all);
  ::posix_spawnattr_setsigmask(&attributes_, &none);
  ::posix_spawnattr_setpgroup(&attributes_, 0);
  ::posix_spawnattr_setflags(
      &attributes_, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
}

Launcher::~Launcher() { ::posix_spawnattr_destroy(&attributes_); }

pid_t Launcher::start(const Visitor& visitor) const {
  if (window_) check_program(handler_);
  const std::array own_arguments = {std::to_string(visitor.socket)};
  const std::array own_environment = {
      "TCPLOCALIP=" + visitor.local.ip, "TCPLOCALPORT=" + std::to_string(visitor.local.port),
      "TCPREMOTEIP=" + visitor.remote.ip, "TCPREMOTEPORT=" + std::to_string(visitor.remote.port),
      "TALK_SESSION=" + std::to_string(visitor.session)};
  const std::vector<char*> arguments = pointers(arguments_, own_arguments);
  const std::vector<char*> environment = pointers(environment_, own_environment);
  const Inheritance inheritance(visitor.socket);
  pid_t pid = -1;
  const int error = ::posix_spawnp(&pid, arguments[0], inheritance.actions(), &attributes_,
                                   arguments.data(), environment.data());
  if (error != 0) throw_error(error, "start " + arguments_[0]);
  return pid;
}

}  // namespace talk
