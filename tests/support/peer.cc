#include "tests/support/peer.h"

#include <sys/socket.h>

#include <array>
#include <utility>

#include "common/posix/connect.h"
#include "common/posix/error.h"
#include "common/posix/io.h"
#include "common/posix/socket_options.h"

namespace talk::test {

Peer::Peer(int port) : Peer(connect_to("127.0.0.1", std::to_string(port), kPatience)) {}

Peer::Peer(OwnedFd socket) : socket_(std::move(socket)) { send_promptly(socket_.get()); }

void Peer::send(std::string_view bytes) {
  const bool sent = wait_until([&] {
    while (!bytes.empty()) {
      const IoResult result = send_some(socket_.get(), bytes);
      if (result.would_block()) return false;
      if (result.failed()) throw_error(result.error, "send as a peer");
      bytes.remove_prefix(result.count);
    }
    return true;
  });
  if (!sent) throw std::runtime_error("send as a peer: the other side does not read");
}

void Peer::half_close() { ::shutdown(socket_.get(), SHUT_WR); }

void Peer::reset() {
  const linger at_once{1, 0};
  ::setsockopt(socket_.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  socket_.reset();
}

void Peer::set_receive_buffer(int bytes) {
  ::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
}

void Peer::collect() {
  std::array<char, 65536> bytes;
  while (!ended_ && socket_) {
    const IoResult result = receive_some(socket_.get(), bytes);
    if (result.would_block()) return;
    received_.append(bytes.data(), result.count);
    ended_ = !result.moved();
    reset_ = result.failed();
  }
}

bool Peer::hears(const std::string& part, milliseconds patience) {
  return wait_until([&] { return received().find(part) != std::string::npos; }, patience);
}

bool Peer::sees_end(milliseconds patience) {
  return wait_until([&] { return collect(), ended_; }, patience);
}

}  // namespace talk::test
