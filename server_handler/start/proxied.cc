#include "server_handler/start/proxied.h"

#include <sys/socket.h>

#include <cerrno>
#include <cstdlib>
#include <string>

#include "common/posix/error.h"
#include "common/posix/log.h"
#include "common/posix/wait_set.h"
#include "common/wire/proxy_header.h"
#include "server_handler/start/connection.h"
#include "server_handler/start/environment.h"

namespace talk {
namespace {

constexpr seconds kPatience{5};

void wait_for_bytes(int socket, Time deadline) {
  sigset_t mask;
  ::sigprocmask(SIG_BLOCK, nullptr, &mask);
  WaitSet wait;
  wait.want_read(socket);
  wait.wake_by(deadline);
  wait.wait(mask);
}

std::string receive_header(int socket) {
  const Time deadline = Clock::now() + kPatience;
  std::string header;
  while (const std::size_t wanted = proxy_bytes_wanted(header)) {
    if (Clock::now() >= deadline)
      throw ProxyError("no whole PROXY header came within " + std::to_string(kPatience.count()) +
                       " s");
    const std::size_t before = header.size();
    header.resize(before + wanted);
    const ssize_t count = ::recv(socket, header.data() + before, wanted, MSG_DONTWAIT);
    const int error = errno;
    header.resize(before + static_cast<std::size_t>(count > 0 ? count : 0));
    if (count == 0) throw ProxyError("it ended within its PROXY header");
    if (count > 0) continue;
    if (error != EAGAIN && error != EWOULDBLOCK && error != EINTR)
      throw PeerLost("receive: " + error_text(error));
    wait_for_bytes(socket, deadline);
  }
  return header;
}

void export_ends(const ProxyHeader::Ends& ends) {
  ::setenv("PROTO", "TCP", 1);
  ::setenv("TCPREMOTEIP", ends.source.ip.c_str(), 1);
  ::setenv("TCPREMOTEPORT", std::to_string(ends.source.port).c_str(), 1);
  ::setenv("TCPLOCALIP", ends.destination.ip.c_str(), 1);
  ::setenv("TCPLOCALPORT", std::to_string(ends.destination.port).c_str(), 1);
}

}  // namespace

void take_proxy_header(const Session& session) {
  if (environment("TALK_PROXY").empty()) return;
  const ProxyHeader header = read_proxy_header(receive_header(session.socket));
  if (!header.ends) return;
  export_ends(*header.ends);
  if (has_log())
    log_event("session " + std::to_string(session.number) +
              " is peer=" + to_text(header.ends->source));
}

}  // namespace talk
