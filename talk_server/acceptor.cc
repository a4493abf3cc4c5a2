#include "talk_server/acceptor.h"

#include <fcntl.h>
#include <sys/socket.h>

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
    wait.want_read(socket_.get());
}

std::optional<Acceptor::Visitor> Acceptor::accept(Time now) {
  sockaddr_storage raw{};
  socklen_t size = sizeof raw;
  auto* const address = reinterpret_cast<sockaddr*>(&raw);
#ifdef __linux__
  OwnedFd visitor(::accept4(socket_.get(), address, &size, SOCK_CLOEXEC));
#else
  OwnedFd visitor(::accept(socket_.get(), address, &size));
  if (visitor) {
    ::fcntl(visitor.get(), F_SETFD, FD_CLOEXEC);
    ::fcntl(visitor.get(), F_SETFL, 0);  // O_NONBLOCK may have been inherited
  }
#endif
  if (!visitor) {
    failed(errno, now);
    return std::nullopt;
  }
  return Visitor{std::move(visitor), address_of(raw)};
}

// A visitor who is gone before being accepted is no event.
void Acceptor::failed(int error, Time now) {
  if (error == EAGAIN || error == EWOULDBLOCK || error == ECONNABORTED || error == EINTR) return;
  paused_until_ = now + kPause;
  if (pause_logged_at_ && now < *pause_logged_at_ + kPauseLogged) return;
  pause_logged_at_ = now;
  log_event("accept paused reason=\"" + error_text(error) + "\"");
}

}  // namespace talk
