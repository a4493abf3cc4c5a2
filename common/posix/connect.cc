#include "common/posix/connect.h"

#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>

#include <memory>
#include <stdexcept>

#include "common/posix/error.h"
#include "common/posix/io.h"

namespace talk {
namespace {

// 0, or the errno of the failure. ^C acts as usual here: nothing has begun that needs an ending.
int finish_connecting(int socket, Time deadline) {
  if (!ready_by(socket, POLLOUT, deadline)) return ETIMEDOUT;
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size);
  return error;
}

// 0 and `out` filled, or the errno of the failure.
int try_address(const addrinfo& address, Time deadline, OwnedFd& out) {
  OwnedFd socket(::socket(address.ai_family, SOCK_STREAM, 0));
  if (!socket) return errno;
  ::fcntl(socket.get(), F_SETFD, FD_CLOEXEC);
  const int flags = ::fcntl(socket.get(), F_GETFL);
  ::fcntl(socket.get(), F_SETFL, flags | O_NONBLOCK);
  int error = 0;
  if (::connect(socket.get(), address.ai_addr, address.ai_addrlen) != 0) {
    error = errno;
    if (error == EINPROGRESS || error == EINTR) error = finish_connecting(socket.get(), deadline);
  }
  ::fcntl(socket.get(), F_SETFL, flags);
  if (error == 0) out = std::move(socket);
  return error;
}

}  // namespace

OwnedFd connect_to(const std::string& host, const std::string& port, milliseconds timeout) {
  const std::string doing = "connect to " + host + " port " + port;
  const Time deadline = Clock::now() + timeout;
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_ADDRCONFIG;
  addrinfo* found = nullptr;
  int failure = ::getaddrinfo(host.c_str(), port.c_str(), &hints, &found);
  if (failure == EAI_NONAME || failure == EAI_ADDRFAMILY) {  // loopback alone is not "configured"
    hints.ai_flags = 0;
    failure = ::getaddrinfo(host.c_str(), port.c_str(), &hints, &found);
  }
  if (failure != 0) throw std::runtime_error(doing + ": " + ::gai_strerror(failure));
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owned(found, ::freeaddrinfo);

  int error = ETIMEDOUT;
  for (const addrinfo* address = found; address != nullptr; address = address->ai_next) {
    OwnedFd socket;
    error = try_address(*address, deadline, socket);
    if (error == 0) return socket;
  }
  throw_error(error, doing);
}

}  // namespace talk
