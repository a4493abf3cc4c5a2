// One end of a TCP connection that sends exactly what a test tells it to.
#pragma once

#include <string>
#include <string_view>

#include "common/posix/owned_fd.h"
#include "tests/support/wait_until.h"

namespace talk::test {

class Peer {
 public:
  // Connects to a port of 127.0.0.1. Throws.
  explicit Peer(int port);
  // Takes a connection that is there already.
  explicit Peer(OwnedFd socket);

  void send(std::string_view bytes);
  void half_close();
  void reset();  // closes with a reset instead of an orderly end
  void close() { socket_.reset(); }
  // A small receive buffer, for a peer that never reads.
  void shrink_receive_buffer() { set_receive_buffer(4096); }
  // Before it reads after all: a small one makes the sender wait at every turn.
  void widen_receive_buffer() { set_receive_buffer(1 << 20); }

  // All that was received so far.
  const std::string& received() { return collect(), received_; }
  bool hears(const std::string& part, milliseconds patience = kPatience);
  // True once the other side has ended, in order or by a reset.
  bool sees_end(milliseconds patience = kPatience);
  bool was_reset() const { return reset_; }
  // Forgets what was received up to now.
  void forget() { collect(), received_.clear(); }

  int fd() const { return socket_.get(); }

 private:
  void collect();
  void set_receive_buffer(int bytes);

  OwnedFd socket_;
  std::string received_;
  bool ended_ = false;
  bool reset_ = false;
};

}  // namespace talk::test
