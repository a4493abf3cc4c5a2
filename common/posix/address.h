// A socket's two ends as a person reads them: IP addresses, or paths of Unix sockets. IPv4 seen
// through an IPv6 socket is plain IPv4.
#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <string>

namespace talk {

struct Address {
  std::string ip;  // "10.0.0.7", "::1", "fe80::1%eth0"; "local" for what has none
  std::uint16_t port = 0;
  std::string path = {};  // of a Unix socket that is bound to one

  bool is_local() const { return ip == "local"; }
};

// "10.0.0.7:1234", "[::1]:1234", "unix:/run/talk", "local"
std::string to_text(const Address& address);

Address address_of(const sockaddr_storage& raw);
// `ip`: its bytes as they travel, 4 of AF_INET, 16 of AF_INET6.
Address address_of(int family, const void* ip, std::uint16_t port);

// Throw std::system_error where the socket is not connected (or not bound).
Address local_address(int socket);
Address peer_address(int socket);

}  // namespace talk
