#include "common/posix/socket_options.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>

namespace talk {
namespace {

void set(int socket, int level, int option, int value) {
  ::setsockopt(socket, level, option, &value, sizeof value);
}

}  // namespace

void send_promptly(int socket) { set(socket, IPPROTO_TCP, TCP_NODELAY, 1); }

void probe_idle_peer(int socket, seconds silence) {
  const int step = std::max(1, static_cast<int>(silence.count()) / 6);
  set(socket, SOL_SOCKET, SO_KEEPALIVE, 1);
#ifdef TCP_KEEPIDLE
  set(socket, IPPROTO_TCP, TCP_KEEPIDLE, step);
  set(socket, IPPROTO_TCP, TCP_KEEPINTVL, step);
  set(socket, IPPROTO_TCP, TCP_KEEPCNT, 5);
#endif
}

void detect_dead_peer(int socket, seconds silence) {
  probe_idle_peer(socket, silence);
#ifdef TCP_USER_TIMEOUT
  set(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, static_cast<int>(silence.count()) * 1000);
#endif
}

bool is_connected_stream(int fd) {
  int type = 0;
  socklen_t size = sizeof type;
  if (::getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) != 0 || type != SOCK_STREAM) return false;
  sockaddr_storage peer{};
  size = sizeof peer;
  return ::getpeername(fd, reinterpret_cast<sockaddr*>(&peer), &size) == 0;
}

}  // namespace talk
