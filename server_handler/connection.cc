#include "server_handler/connection.h"

#include "common/posix/error.h"
#include "common/posix/io.h"
#include "common/posix/socket_options.h"

namespace talk {
namespace {

constexpr seconds kPeerSilence{60};

}  // namespace

Connection::Connection(int socket, Signals* signals)
    : socket_(socket), signals_(signals), room_(new char[kReceive]) {
  if (signals_ != nullptr)
    mask_ = signals_->wait_mask();
  else
    ::sigprocmask(SIG_BLOCK, nullptr, &mask_);
  send_promptly(socket_);
  probe_idle_peer(socket_, kPeerSilence);
}

void Connection::wait(WaitSet& wait) {
  wait.wait(mask_);
  if (signals_ == nullptr) return;
  for (const int signal : {SIGHUP, SIGINT, SIGTERM})
    if (signals_->take(signal)) throw Stopped("stopped by a signal");
}

Received Connection::receive(std::optional<Time> deadline) {
  bool look = signals_ == nullptr;  // a flood must not keep a signal from being noticed
  while (true) {
    const IoResult got = look ? receive_some(socket_, {room_.get(), kReceive}) : IoResult{};
    if (got.moved()) return {Received::Kind::bytes, {room_.get(), got.count}};
    if (got.end()) return {Received::Kind::end, {}};
    if (got.failed()) throw PeerLost("receive: " + error_text(got.error));
    if (deadline && Clock::now() >= *deadline) return {Received::Kind::nothing, {}};
    WaitSet ready;
    ready.want_read(socket_);
    ready.wake_by(deadline);
    wait(ready);
    look = true;
  }
}

void Connection::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const IoResult sent = send_some(socket_, bytes);
    if (sent.failed()) throw PeerLost("send: " + error_text(sent.error));
    bytes.remove_prefix(sent.count);
    if (bytes.empty()) break;
    WaitSet ready;
    ready.want_write(socket_);
    wait(ready);
  }
}

}  // namespace talk
