#include "server_handler/talk/handed_links.h"

#include <sys/select.h>
#include <sys/socket.h>

#include <system_error>
#include <vector>

#include "common/posix/address.h"
#include "common/posix/log.h"
#include "common/posix/socket_options.h"

namespace talk {
namespace {

std::string address_of(int socket) {
  try {
    return peer_address(socket).ip;
  } catch (const std::system_error&) {
    return "unknown";  // it is gone already; the talk will notice
  }
}

// They were seen there.
bool skip(int socket, std::size_t bytes) {
  std::vector<char> skipped(bytes);
  return bytes == 0 ||
         ::recv(socket, skipped.data(), bytes, MSG_DONTWAIT) == static_cast<ssize_t>(bytes);
}

}  // namespace

bool HandedLinks::offer(const Resumption& resumption, OwnedFd connection) {
  const bool known = resumption.ticket.number == ticket_.number &&
                     same_secret(resumption.ticket.token, ticket_.token);
  if (!known || !judge_ || !judge_(resumption.got)) return false;
  if (connection.get() >= FD_SETSIZE || !is_connected_stream(connection.get())) return false;
  if (!skip(connection.get(), resumption.skip)) return false;
  std::string address = resumption.peer.empty() ? address_of(connection.get()) : resumption.peer;
  link_ = Link{std::move(connection), std::move(address), resumption.read};
  return true;
}

void HandedLinks::prepare(WaitSet& wait) const {
  if (link_) wait.wake_by(Time{});
}

std::optional<NextLink::Link> HandedLinks::turn(const WaitSet&, Time) {
  return std::exchange(link_, std::nullopt);
}

}  // namespace talk
