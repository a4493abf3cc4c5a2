#include "common/posix/socket_options.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <algorithm>
#include <cerrno>

namespace talk {
namespace {

void set(int socket, int level, int option, int value) {
  ::setsockopt(socket, level, option, &value, sizeof value);
}

// -1 where it cannot be had.
int get(int socket, int option) {
  int value = -1;
  socklen_t size = sizeof value;
  return ::getsockopt(socket, SOL_SOCKET, option, &value, &size) == 0 ? value : -1;
}

}  // namespace

void send_promptly(int socket) { set(socket, IPPROTO_TCP, TCP_NODELAY, 1); }

void acknowledge_now([[maybe_unused]] int socket) {
#ifdef TCP_QUICKACK
  set(socket, IPPROTO_TCP, TCP_QUICKACK, 1);
#endif
}

void probe_idle_peer(int socket, seconds silence) {
  const int step = std::max(1, static_cast<int>(silence.count()) / 6);
  set(socket, SOL_SOCKET, SO_KEEPALIVE, 1);
#ifdef TCP_KEEPIDLE
  set(socket, IPPROTO_TCP, TCP_KEEPIDLE, step);
  set(socket, IPPROTO_TCP, TCP_KEEPINTVL, step);
  set(socket, IPPROTO_TCP, TCP_KEEPCNT, 5);
#endif
}

void limit_receive_time(int socket, seconds longest) {
  if (longest == seconds(0)) return;
  const timeval time{static_cast<time_t>(longest.count()), 0};
  ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time);
}

void reset_on_close(int socket, bool on) {
  const linger option{on ? 1 : 0, 0};  // a linger of no seconds is a reset
  ::setsockopt(socket, SOL_SOCKET, SO_LINGER, &option, sizeof option);
}

bool is_connected_stream(int fd) {
  if (get(fd, SO_TYPE) != SOCK_STREAM || get(fd, SO_ACCEPTCONN) == 1) return false;
  sockaddr_storage peer{};
  socklen_t size = sizeof peer;
  if (::getpeername(fd, reinterpret_cast<sockaddr*>(&peer), &size) == 0) return true;
  // A reset leaves something to be read, its error; a socket that was never connected has nothing.
  pollfd ready{fd, POLLIN, 0};
  return errno == ENOTCONN && ::poll(&ready, 1, 0) == 1 && (ready.revents & POLLIN) != 0;
}

}  // namespace talk
