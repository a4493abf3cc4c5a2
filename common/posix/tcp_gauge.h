// What the kernel knows of a TCP connection: how fast it delivers, how far the other end is, how
// much is still to be delivered. Nothing where it does not say (not Linux, not TCP).
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace talk {

struct TcpReading {
  std::uint64_t rate = 0;                // bytes per second; 0: nothing was measured yet
  std::chrono::microseconds min_rtt{0};  // the smallest round trip seen
  std::uint64_t acknowledged = 0;        // bytes since the connection began
  std::size_t queued = 0;                // bytes sent or waiting that are not acknowledged
  std::uint32_t sent_again = 0;          // segments since the connection began
};

std::optional<TcpReading> read_tcp(int socket);

// What the other end's TCP owes, and what it last did.
struct TcpSigns {
  bool outstanding = false;  // something is sent or waits to be, and is not acknowledged
  bool unanswered = false;   // it was sent again, or a closed window was probed, without an answer
  bool window_closed = false;  // the peer takes nothing now: all that was sent is acknowledged
  std::chrono::milliseconds last_answer{0};  // ago
};

std::optional<TcpSigns> read_tcp_signs(int socket);

// How many of the bytes that were sent the other end's kernel has not taken yet; nothing where the
// system does not say.
std::optional<std::size_t> undelivered_bytes(int socket);

// How many bytes have come that nobody has read yet.
std::size_t unread_bytes(int socket);

// Where read_tcp() says nothing: the socket is ready to be written to only while less than `bytes`
// of what it holds has not been sent.
void limit_unsent(int socket, std::size_t bytes);

}  // namespace talk
