#include "talk_server/listening_sockets.h"

#include <utility>

#include "common/posix/listen.h"

namespace talk {

std::vector<Address> ListeningSockets::addresses() const {
  std::vector<Address> addresses;
  for (const OwnedFd& socket : sockets) addresses.push_back(local_address(socket.get()));
  return addresses;
}

ListeningSockets open_listening_sockets(std::vector<OwnedFd> passed, const std::string& path,
                                        const std::string& bind, std::uint16_t port) {
  ListeningSockets listening;
  listening.sockets = std::move(passed);
  if (!listening.sockets.empty()) return listening;
  if (path.empty()) {
    listening.sockets.push_back(listen_on(bind, port));
  } else {
    listening.file = std::make_unique<SocketFile>(path);
    listening.sockets.push_back(listening.file->take_socket());
  }
  return listening;
}

}  // namespace talk
