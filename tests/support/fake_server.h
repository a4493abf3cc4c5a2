// A server that a test plays by hand: it listens on loopback, and what it says is up to the test.
#pragma once

#include "common/posix/owned_fd.h"
#include "tests/support/wait_until.h"

namespace talk::test {

class FakeServer {
 public:
  FakeServer();
  int port() const { return port_; }
  // The next caller's connection. Throws std::runtime_error where nobody calls.
  OwnedFd accept(milliseconds patience = kPatience);
  int fd() const { return socket_.get(); }

 private:
  OwnedFd socket_;
  int port_ = 0;
};

}  // namespace talk::test
