// How much file data may go out now, so that a line of talk never waits behind it: little more may
// be in the kernel than the link delivers while a packet travels.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>

#include "common/posix/clock.h"
#include "common/posix/tcp_gauge.h"

namespace talk {

class SendGate {
 public:
  struct Decision {
    std::size_t budget = 0;          // bytes of a file, in one frame; 0: the gate is closed
    std::optional<Time> look_again;  // when it is closed
  };

  // Borrows the socket.
  explicit SendGate(int socket);

  Decision look(Time now) { return decide(read_tcp(socket_), now); }

  // What look() decides by. Without numbers the frames are small and the kernel is asked to hold
  // little (limit_unsent), so that the socket's readiness is the gate.
  Decision decide(const std::optional<TcpReading>& reading, Time now);
  static constexpr std::size_t kBlindFrame = std::size_t{16} << 10;

 private:
  struct Sample {
    Time when;
    std::uint64_t acknowledged;
  };
  std::uint64_t acknowledged_within(Clock::duration span, std::uint64_t acknowledged, Time now);

  int socket_;
  std::deque<Sample> samples_;
};

}  // namespace talk
