#include "server_handler/start/connection.h"

#include <sys/socket.h>

#include <cerrno>
#include <utility>

#include "common/posix/error.h"
#include "common/posix/io.h"
#include "common/posix/socket_options.h"

namespace talk {
namespace {

constexpr seconds kPeerSilence{60};

}  // namespace

Connection::Connection(const Session& session, Signals* signals)
    : socket_(session.socket), idle_(session.idle), signals_(signals) {
  if (signals_ != nullptr)
    mask_ = signals_->wait_mask();
  else
    ::sigprocmask(SIG_BLOCK, nullptr, &mask_);
  send_promptly(socket_);
  probe_idle_peer(socket_, kPeerSilence);
  limit_receive_time(socket_, idle_);
}

// Nothing has moved `since` then.
void Connection::wait(WaitSet& wait, Time since) {
  if (idle_ != seconds(0)) wait.wake_by(since + idle_);
  wait.wait(mask_);
  if (signals_ != nullptr) {
    for (const int signal : {SIGHUP, SIGINT, SIGTERM})
      if (signals_->take(signal)) throw Stopped("stopped by a signal");
  }
}

// Where nothing moved.
void Connection::check_patience(Time since) const {
  if (idle_ != seconds(0) && Clock::now() >= since + idle_)
    throw PeerIdle("nothing came for " + std::to_string(idle_.count()) + " s");
}

Received Connection::receive(std::optional<Time> deadline) {
  // Where there is nothing else to wait for, the receive itself waits; where there are signals, the
  // wait comes first, so that a flood cannot keep them from being noticed.
  const bool just_bytes = !deadline && signals_ == nullptr;
  bool wait_first = signals_ != nullptr;
  const Time began = Clock::now();
  while (true) {
    if (std::exchange(wait_first, true)) {
      WaitSet ready;
      ready.want_read(socket_);
      ready.wake_by(deadline);
      wait(ready, began);
    }
    const ssize_t count = ::recv(socket_, room_.get(), kReceive, just_bytes ? 0 : MSG_DONTWAIT);
    if (count > 0) return {Received::Kind::bytes, {room_.get(), static_cast<std::size_t>(count)}};
    if (count == 0) return {Received::Kind::end, {}};
    if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)
      throw PeerLost("receive: " + error_text(errno));
    if (deadline && Clock::now() >= *deadline) return {Received::Kind::nothing, {}};
    check_patience(began);
  }
}

void Connection::send(std::string_view bytes) {
  Time moved = Clock::now();
  while (!bytes.empty()) {
    const IoResult sent = send_some(socket_, bytes);
    if (sent.failed()) throw PeerLost("send: " + error_text(sent.error));
    bytes.remove_prefix(sent.count);
    if (bytes.empty()) break;
    if (sent.moved()) moved = Clock::now();
    check_patience(moved);
    WaitSet ready;
    ready.want_write(socket_);
    wait(ready, moved);
  }
}

}  // namespace talk
