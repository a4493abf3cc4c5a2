#include "common/posix/tcp_gauge.h"

#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#ifdef __linux__
#include <linux/sockios.h>
#include <linux/tcp.h>  // the kernel's own: the C library's lacks the delivery rate
#else
#include <netinet/tcp.h>
#endif

namespace talk {

#ifdef __linux__

std::optional<TcpReading> read_tcp(int socket) {
  tcp_info info{};
  socklen_t size = sizeof info;
  int queued = 0;
  if (::getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &size) != 0 ||
      size < offsetof(tcp_info, tcpi_delivery_rate) + sizeof info.tcpi_delivery_rate ||
      ::ioctl(socket, SIOCOUTQ, &queued) != 0 || queued < 0)
    return std::nullopt;
  return TcpReading{info.tcpi_delivery_rate, std::chrono::microseconds(info.tcpi_min_rtt),
                    info.tcpi_bytes_acked, static_cast<std::size_t>(queued),
                    info.tcpi_total_retrans};
}

std::optional<TcpSigns> read_tcp_signs(int socket) {
  tcp_info info{};
  socklen_t size = sizeof info;
  if (::getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &size) != 0 ||
      size < offsetof(tcp_info, tcpi_notsent_bytes) + sizeof info.tcpi_notsent_bytes)
    return std::nullopt;
  const bool in_flight = info.tcpi_unacked > 0;
  const bool unsent = info.tcpi_notsent_bytes > 0;
  return TcpSigns{in_flight || unsent, info.tcpi_retransmits > 0 || info.tcpi_probes > 0,
                  unsent && !in_flight, std::chrono::milliseconds(info.tcpi_last_ack_recv)};
}

#else

std::optional<TcpReading> read_tcp(int) { return std::nullopt; }

std::optional<TcpSigns> read_tcp_signs(int) { return std::nullopt; }

#endif

std::optional<std::size_t> undelivered_bytes([[maybe_unused]] int socket) {
#ifdef SIOCOUTQ
  int queued = 0;
  if (::ioctl(socket, SIOCOUTQ, &queued) == 0 && queued >= 0)
    return static_cast<std::size_t>(queued);
#endif
  return std::nullopt;
}

std::size_t unread_bytes(int socket) {
  int count = 0;
  return ::ioctl(socket, FIONREAD, &count) == 0 && count > 0 ? static_cast<std::size_t>(count) : 0;
}

void limit_unsent(int socket, std::size_t bytes) {
#ifdef TCP_NOTSENT_LOWAT
  const int value = static_cast<int>(bytes);
  ::setsockopt(socket, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &value, sizeof value);
#else
  static_cast<void>(socket);
  static_cast<void>(bytes);
#endif
}

}  // namespace talk
