#include "talk_client/route.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>

#include <system_error>

#include "common/posix/address.h"
#include "common/posix/connect.h"
#include "common/posix/error.h"
#include "common/posix/io.h"
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

constexpr milliseconds kPartingTime{500};

// Waits for the first byte from a command. Whether its end came instead.
bool ended_unheard(int socket, seconds timeout) {
  char first;
  return ready_by(socket, POLLIN, Clock::now() + timeout) &&
         ::recv(socket, &first, 1, MSG_PEEK | MSG_DONTWAIT) <= 0;
}

}  // namespace

Route::Route(const ClientOptions& options)
    : address_(options.server), timeout_(options.timeout), via_(options.via) {
  address_.port = port_number(address_.host, address_.port);
}

OwnedFd Route::open(Call call) {
  if (monitor_ != nullptr)
    return monitor_->ask(call == Call::again ? kCallAgain : kCall, {}).descriptor;
  if (!via_.empty()) return open_via(call);
  if (!address_.path.empty()) return connect_to_path(address_.path, timeout_);
  return connect_to(address_.host, address_.port, timeout_);
}

OwnedFd Route::open_via(Call call) {
  command_.reset();
  command_ = std::make_unique<ViaCommand>(via_command(via_, address_.host, address_.port));
  OwnedFd socket = command_->take_socket();
  if (call == Call::again || !ended_unheard(socket.get(), timeout_)) return socket;
  const std::string parting = command_->parting(Clock::now() + kPartingTime);
  throw std::runtime_error("connect to " + place() + ": " +
                           (parting.empty() ? via_[0] + " ended without a word" : parting));
}

std::string Route::parting() {
  if (monitor_ != nullptr) {
    const std::vector<std::string> words = monitor_->ask(kParting, {}).words;
    return words.empty() ? "" : words.front();
  }
  return command_ ? command_->parting(Clock::now() + kPartingTime) : "";
}

std::string Route::peer(int socket) const {
  if (!address_.path.empty()) return place();
  if (!via_.empty()) return address_.host;
  try {
    return peer_address(socket).ip;
  } catch (const std::system_error&) {
    return address_.host;  // it is gone already; the talk will notice
  }
}

}  // namespace talk
