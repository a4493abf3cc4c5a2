#include "talk_server/acceptor.h"

#include <fcntl.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

#include "common/posix/error.h"
#include "common/posix/log.h"

namespace talk {
namespace {

constexpr milliseconds kPause{100};
constexpr seconds kPauseLogged{60};

}  // namespace

void Acceptor::watch(WaitSet& wait, Time now) {
  if (paused_until_ && now >= *paused_until_) paused_until_.reset();
  if (paused_until_)
    wait.wake_by(paused_until_);
  else
    for (const OwnedFd& socket : listening_.sockets) wait.want_read(socket.get());
}

bool Acceptor::has_visitor(const WaitSet& wait) const {
  return std::any_of(listening_.sockets.begin(), listening_.sockets.end(),
                     [&](const OwnedFd& socket) { return wait.can_read(socket.get()); });
}

// One socket after the other has its turn: a flood at one does not keep the others waiting.
std::optional<Acceptor::Visitor> Acceptor::accept(Time now) {
  for (std::size_t tried = 0; tried < listening_.sockets.size(); ++tried) {
    Visitor visitor;
    visitor.socket =
        take(listening_.sockets[next_++ % listening_.sockets.size()].get(), visitor.address);
    if (visitor.socket) return visitor;
    if (is_trouble(errno)) {
      pause(errno, now);
      break;
    }
  }
  return std::nullopt;
}

// Where there is none, errno says why.
OwnedFd Acceptor::take(int socket, Address& address) const {
  sockaddr_storage raw{};
  socklen_t size = sizeof raw;
  auto* const from = reinterpret_cast<sockaddr*>(&raw);
#ifdef __linux__
  OwnedFd visitor(::accept4(socket, from, &size, SOCK_CLOEXEC));
#else
  OwnedFd visitor(::accept(socket, from, &size));
  if (visitor) {
    ::fcntl(visitor.get(), F_SETFD, FD_CLOEXEC);
    ::fcntl(visitor.get(), F_SETFL, 0);  // O_NONBLOCK may have been inherited
  }
#endif
  if (visitor) address = address_of(raw);
  return visitor;
}

// A visitor who is gone before being accepted is no event.
bool Acceptor::is_trouble(int error) const {
  return error != EAGAIN && error != EWOULDBLOCK && error != ECONNABORTED && error != EINTR;
}

void Acceptor::pause(int error, Time now) {
  paused_until_ = now + kPause;
  if (pause_logged_at_ && now < *pause_logged_at_ + kPauseLogged) return;
  pause_logged_at_ = now;
  log_event("accept paused reason=\"" + error_text(error) + "\"");
}

}  // namespace talk
