#include "talk_client/route.h"

#include <arpa/inet.h>
#include <netdb.h>

#include <system_error>

#include "common/posix/address.h"
#include "common/posix/connect.h"
#include "common/posix/error.h"
#include "common/posix/unix_socket.h"
#include "common/text/decimal.h"

namespace talk {
namespace {

// The number of the port, also where it was given as a service's name.
std::string port_number(const std::string& host, const std::string& port) {
  if (port.empty() || decimal<int>(port)) return port;
  const servent* const service = ::getservbyname(port.c_str(), "tcp");
  if (service == nullptr)
    throw UsageError("no service is called '" + port + "' (understood: HOST '" + host +
                     "', PORT '" + port + "')");
  return std::to_string(ntohs(static_cast<std::uint16_t>(service->s_port)));
}

}  // namespace

Route::Route(const ClientOptions& options) : address_(options.server), timeout_(options.timeout) {
  address_.port = port_number(address_.host, address_.port);
}

OwnedFd Route::open() {
  if (!address_.path.empty()) return connect_to_path(address_.path, timeout_);
  return connect_to(address_.host, address_.port, timeout_);
}

std::string Route::peer(int socket) const {
  if (!address_.path.empty()) return place();
  try {
    return peer_address(socket).ip;
  } catch (const std::system_error&) {
    return address_.host;  // it is gone already; the talk will notice
  }
}

}  // namespace talk
