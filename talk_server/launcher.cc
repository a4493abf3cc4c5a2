#include "talk_server/launcher.h"

#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

#include "common/confine/environment.h"
#include "common/posix/error.h"

namespace talk {
namespace {

// What a session's environment says of its own; nothing of it is inherited from the listener's.
bool is_ours(const std::string& variable) {
  for (const char* prefix : {"TALK_", "PROTO=", "TCPLOCAL", "TCPREMOTE"})
    if (variable.starts_with(prefix)) return true;
  return false;
}

std::vector<std::string> who_called(const Launcher::Visitor& visitor) {
  std::string session = "TALK_SESSION=" + std::to_string(visitor.session);
  if (visitor.local.is_local()) return {std::move(session), "PROTO=UNIX"};
  return {std::move(session),
          "PROTO=TCP",
          "TCPLOCALIP=" + visitor.local.ip,
          "TCPLOCALPORT=" + std::to_string(visitor.local.port),
          "TCPREMOTEIP=" + visitor.remote.ip,
          "TCPREMOTEPORT=" + std::to_string(visitor.remote.port)};
}

}  // namespace

void check_program(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) throw_errno("start the handler " + path);
  if (!S_ISREG(status.st_mode))
    throw std::runtime_error("start the handler " + path + ": not a file");
  if (::access(path.c_str(), X_OK) != 0) throw_errno("start the handler " + path);
}

Launcher::Launcher(const Terminal& terminal, std::string handler, Inherited inherited,
                   std::vector<std::string> settings, const std::string& looker, int log)
    : window_(terminal.window()),
      handler_(std::move(handler)),
      terminal_(terminal.program),
      looker_(looker),
      program_(window_ ? terminal_ : handler_),
      arguments_(terminal.command),
      log_(log) {
  if (window_ && !looker.empty()) {
    program_ = looker;
    arguments_.insert(arguments_.begin(), {looker, "--look", terminal_});
  }
  arguments_.push_back(handler_);
  for (std::string& variable : own_environment())
    if (!is_ours(variable) && (inherited == Inherited::all || is_kept_variable(variable)))
      environment_.push_back(std::move(variable));
  for (std::string& setting : settings) environment_.push_back(std::move(setting));
}

pid_t Launcher::look(const Visitor& visitor) const {
  const std::vector<std::string> arguments = {looker_, "--only-again"};
  const std::array descriptor = {std::to_string(visitor.socket)};
  const std::vector<std::string> caller = who_called(visitor);
  return spawner_.start(looker_, {arguments, descriptor}, {environment_, caller},
                        {{visitor.socket, visitor.socket}, {log_, STDERR_FILENO}});
}

pid_t Launcher::start(const Visitor& visitor) const {
  if (window_) {
    check_program(handler_);
    if (program_ != terminal_) check_program(terminal_);
  }
  const std::array descriptor = {std::to_string(visitor.socket)};
  const std::vector<std::string> caller = who_called(visitor);
  return spawner_.start(program_, {arguments_, descriptor}, {environment_, caller},
                        {{visitor.socket, visitor.socket}, {log_, STDERR_FILENO}});
}

}  // namespace talk
