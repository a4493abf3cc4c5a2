#include "common/posix/tcp_state.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

namespace talk {

bool has_left_unheard(int socket) {
#ifdef POLLRDHUP
  pollfd state{socket, POLLRDHUP, 0};
#else
  pollfd state{socket, 0, 0};
#endif
  if (::poll(&state, 1, 0) != 1) return false;
  if ((state.revents & (POLLERR | POLLHUP)) != 0) return true;
  int unread = 0;  // the end itself does not count
  return ::ioctl(socket, FIONREAD, &unread) == 0 && unread == 0;
}

bool is_shut_down([[maybe_unused]] int socket) {
#ifdef __linux__
  tcp_info info{};
  socklen_t size = sizeof info;
  if (::getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return false;
  switch (info.tcpi_state) {
    case TCP_FIN_WAIT1:
    case TCP_FIN_WAIT2:
    case TCP_CLOSING:
    case TCP_LAST_ACK:
    case TCP_TIME_WAIT:
    case TCP_CLOSE:
      return true;
    default:
      return false;
  }
#else
  return false;
#endif
}

std::optional<std::uint64_t> backlog_length([[maybe_unused]] int listening) {
#ifdef __linux__
  tcp_info info{};
  socklen_t size = sizeof info;
  if (::getsockopt(listening, IPPROTO_TCP, TCP_INFO, &info, &size) == 0 &&
      info.tcpi_state == TCP_LISTEN)
    return info.tcpi_unacked;
#endif
  return std::nullopt;
}

}  // namespace talk
