#include "common/posix/address.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/un.h>

#include <array>
#include <cstring>

#include "common/posix/error.h"

namespace talk {
namespace {

using Name = int (*)(int, sockaddr*, socklen_t*);

Address name_of(int socket, Name name, const char* doing) {
  sockaddr_storage raw{};
  socklen_t size = sizeof raw;
  if (name(socket, reinterpret_cast<sockaddr*>(&raw), &size) != 0) throw_errno(doing);
  return address_of(raw);
}

}  // namespace

std::string to_text(const Address& address) {
  if (!address.path.empty()) return "unix:" + address.path;
  if (address.is_local()) return address.ip;
  const bool v6 = address.ip.find(':') != std::string::npos;
  return (v6 ? "[" + address.ip + "]" : address.ip) + ":" + std::to_string(address.port);
}

Address address_of(const sockaddr_storage& raw) {
  if (raw.ss_family == AF_INET) {
    sockaddr_in v4;
    std::memcpy(&v4, &raw, sizeof v4);
    return address_of(AF_INET, &v4.sin_addr, ntohs(v4.sin_port));
  }
  if (raw.ss_family == AF_INET6) {
    sockaddr_in6 v6;
    std::memcpy(&v6, &raw, sizeof v6);
    Address address = address_of(AF_INET6, &v6.sin6_addr, ntohs(v6.sin6_port));
    std::array<char, IF_NAMESIZE> zone{};
    if (v6.sin6_scope_id != 0 && ::if_indextoname(v6.sin6_scope_id, zone.data()) != nullptr)
      address.ip += std::string("%") + zone.data();
    return address;
  }
  if (raw.ss_family == AF_UNIX) {
    sockaddr_un unix{};
    static_assert(sizeof unix <= sizeof raw);
    std::memcpy(&unix, &raw, sizeof unix);
    // A path that fills its room has no NUL behind it.
    const std::size_t size = ::strnlen(unix.sun_path, sizeof unix.sun_path);
    return {"local", 0, std::string(unix.sun_path, size)};
  }
  return {"local", 0};
}

Address address_of(int family, const void* ip, std::uint16_t port) {
  if (family == AF_INET6) {
    in6_addr v6;
    std::memcpy(&v6, ip, sizeof v6);
    if (IN6_IS_ADDR_V4MAPPED(&v6)) return address_of(AF_INET, &v6.s6_addr[12], port);
  }
  std::array<char, INET6_ADDRSTRLEN> text{};
  ::inet_ntop(family, ip, text.data(), text.size());
  return {text.data(), port};
}

Address local_address(int socket) {
  return name_of(socket, ::getsockname, "read a socket's address");
}

Address peer_address(int socket) {
  return name_of(socket, ::getpeername, "read the peer's address");
}

}  // namespace talk
