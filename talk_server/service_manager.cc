#include "talk_server/service_manager.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <stdexcept>

#include "common/posix/environment.h"
#include "common/text/decimal.h"

namespace talk {
namespace {

constexpr int kFirstPassed = 3;

std::string take_variable(const char* name) {
  std::string taken = environment(name);
  ::unsetenv(name);
  return taken;
}

bool is_listening_stream(int fd) {
  int type = 0;
  int listening = 0;
  socklen_t size = sizeof type;
  if (::getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) != 0 || type != SOCK_STREAM) return false;
  size = sizeof listening;
  return ::getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) == 0 && listening != 0;
}

}  // namespace

std::vector<OwnedFd> take_passed_sockets() {
  const auto pid = decimal<pid_t>(take_variable("LISTEN_PID"));
  const auto count = decimal<int>(take_variable("LISTEN_FDS"));
  ::unsetenv("LISTEN_FDNAMES");
  std::vector<OwnedFd> sockets;
  if (!pid || *pid != ::getpid() || !count) return sockets;
  for (int fd = kFirstPassed; fd < kFirstPassed + *count; ++fd) {
    if (!is_listening_stream(fd))
      throw std::runtime_error("use descriptor " + std::to_string(fd) +
                               ", passed in LISTEN_FDS: it is no listening stream socket");
    ::fcntl(fd, F_SETFD, FD_CLOEXEC);
    ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK);
    sockets.emplace_back(fd);
  }
  return sockets;
}

ServiceManager::ServiceManager() : path_(take_variable("NOTIFY_SOCKET")) {}

void ServiceManager::tell(const std::string& state) const {
  sockaddr_un address{};
  if (path_.empty() || path_.size() >= sizeof address.sun_path) return;
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path_.data(), path_.size());
  if (path_[0] == '@') address.sun_path[0] = '\0';
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path_.size());
  const OwnedFd socket(::socket(AF_UNIX, SOCK_DGRAM, 0));
  if (!socket) return;
  ::sendto(socket.get(), state.data(), state.size(), MSG_DONTWAIT | MSG_NOSIGNAL,
           reinterpret_cast<const sockaddr*>(&address), size);
}

}  // namespace talk
