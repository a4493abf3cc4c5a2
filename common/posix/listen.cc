#include "common/posix/listen.h"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <memory>

#include "common/posix/error.h"

namespace talk {
namespace {

OwnedFd listen_at(const sockaddr* address, socklen_t size, const std::string& doing) {
  OwnedFd socket(::socket(address->sa_family, SOCK_STREAM, 0));
  if (!socket) throw_errno(doing);
  ::fcntl(socket.get(), F_SETFD, FD_CLOEXEC);
  ::fcntl(socket.get(), F_SETFL, O_NONBLOCK);
  const int on = 1;
  const int off = 0;
  ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (address->sa_family == AF_INET6)
    ::setsockopt(socket.get(), IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
  if (::bind(socket.get(), address, size) != 0) throw_errno(doing);
  if (::listen(socket.get(), SOMAXCONN) != 0) throw_errno(doing);
  return socket;
}

OwnedFd listen_everywhere(std::uint16_t port, const std::string& doing) {
  sockaddr_in6 any6{};
  any6.sin6_family = AF_INET6;
  any6.sin6_port = htons(port);
  try {
    return listen_at(reinterpret_cast<sockaddr*>(&any6), sizeof any6, doing);
  } catch (const std::system_error& error) {
    const int code = error.code().value();
    if (code != EAFNOSUPPORT && code != EADDRNOTAVAIL) throw;
  }
  sockaddr_in any4{};
  any4.sin_family = AF_INET;
  any4.sin_port = htons(port);
  return listen_at(reinterpret_cast<sockaddr*>(&any4), sizeof any4, doing);
}

}  // namespace

OwnedFd listen_on(const std::string& bind_address, std::uint16_t port) {
  const std::string where = bind_address.empty() ? "" : " of " + bind_address;
  const std::string doing = "listen on port " + std::to_string(port) + where;
  if (bind_address.empty()) return listen_everywhere(port, doing);

  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE;
  addrinfo* found = nullptr;
  const int error =
      ::getaddrinfo(bind_address.c_str(), std::to_string(port).c_str(), &hints, &found);
  if (error != 0) throw std::runtime_error(doing + ": " + ::gai_strerror(error));
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owned(found, ::freeaddrinfo);
  return listen_at(found->ai_addr, found->ai_addrlen, doing);
}

}  // namespace talk
