#include "tests/support/fake_server.h"

#include <fcntl.h>
#include <sys/socket.h>

#include <stdexcept>

#include "common/posix/address.h"
#include "common/posix/listen.h"

namespace talk::test {

FakeServer::FakeServer()
    : socket_(listen_on("127.0.0.1", 0)), port_(local_address(socket_.get()).port) {}

OwnedFd FakeServer::accept(milliseconds patience) {
  OwnedFd visitor;
  const auto called = [&] {
    visitor.reset(::accept(socket_.get(), nullptr, nullptr));
    return static_cast<bool>(visitor);
  };
  if (!wait_until(called, patience)) throw std::runtime_error("nobody called");
  ::fcntl(visitor.get(), F_SETFD, FD_CLOEXEC);
  return visitor;
}

}  // namespace talk::test
