#include "common/posix/unix_socket.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstring>

#include "common/posix/error.h"

namespace talk {
namespace {

// A socket and the address that it is to be bound or connected to.
struct Place {
  OwnedFd socket;
  sockaddr_un address{};
  socklen_t size = 0;

  const sockaddr* raw() const { return reinterpret_cast<const sockaddr*>(&address); }
};

Place place_at(const std::string& path, const std::string& doing, int type = SOCK_STREAM) {
  Place place;
  place.address.sun_family = AF_UNIX;
  if (path.size() >= sizeof place.address.sun_path) throw_error(ENAMETOOLONG, doing);
  std::memcpy(place.address.sun_path, path.data(), path.size());
  place.size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size());
  place.socket.reset(::socket(AF_UNIX, type, 0));
  if (!place.socket) throw_errno(doing);
  ::fcntl(place.socket.get(), F_SETFD, FD_CLOEXEC);
  return place;
}

}  // namespace

OwnedFd listen_at_path(const std::string& path, int backlog) {
  const std::string doing = "listen at " + path;
  Place place = place_at(path, doing);
  if (::bind(place.socket.get(), place.raw(), place.size) != 0) throw_errno(doing);
  if (::listen(place.socket.get(), backlog) != 0) throw_errno(doing);
  return std::move(place.socket);
}

OwnedFd connect_to_path(const std::string& path) {
  const std::string doing = "connect to " + path;
  Place place = place_at(path, doing);
  if (::connect(place.socket.get(), place.raw(), place.size) != 0) throw_errno(doing);
  return std::move(place.socket);
}

OwnedFd connect_now(const std::string& path) {
  const std::string doing = "connect to " + path;
  Place place = place_at(path, doing);
  ::fcntl(place.socket.get(), F_SETFL, O_NONBLOCK);
  if (::connect(place.socket.get(), place.raw(), place.size) != 0) throw_errno(doing);
  return std::move(place.socket);
}

// Such a socket cannot be waited for: whether there is room is only seen by trying.
OwnedFd connect_to_path(const std::string& path, milliseconds timeout) {
  constexpr useconds_t kPause = 20'000;  // microseconds
  const Time give_up = Clock::now() + timeout;
  while (true) {
    try {
      OwnedFd socket = connect_now(path);
      ::fcntl(socket.get(), F_SETFL, 0);
      return socket;
    } catch (const std::system_error& error) {
      if (error.code().value() != EAGAIN) throw;
      if (Clock::now() >= give_up) throw_error(ETIMEDOUT, "connect to " + path);
    }
    ::usleep(kPause);
  }
}

// A socket of another type cannot be connected, and is told why.
bool is_bound(const std::string& path) {
  const std::string doing = "connect to " + path;
  const Place place = place_at(path, doing, SOCK_DGRAM);
  if (::connect(place.socket.get(), place.raw(), place.size) == 0 || errno == EPROTOTYPE)
    return true;
  if (errno != ECONNREFUSED) throw_errno(doing);
  return false;
}

std::optional<UnixPeer> unix_peer(int socket) {
#ifdef SO_PEERCRED
  ucred peer{};
  socklen_t size = sizeof peer;
  if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return std::nullopt;
  return UnixPeer{peer.uid, peer.pid};
#else
  UnixPeer peer;
  gid_t group = 0;
  if (::getpeereid(socket, &peer.user, &group) != 0) return std::nullopt;
  return peer;
#endif
}

}  // namespace talk
