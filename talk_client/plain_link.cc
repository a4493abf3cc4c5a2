#include "talk_client/plain_link.h"

#include <sys/socket.h>

#include <string>
#include <utility>

#include "common/posix/error.h"
#include "common/posix/io.h"
#include "common/posix/socket_options.h"
#include "common/posix/wait_set.h"
#include "common/session/outcome.h"
#include "talk_client/interruptible_wait.h"

namespace talk {
namespace {

constexpr std::size_t kRoom = std::size_t{256} << 10;

[[noreturn]] void lost(const std::string& why) {
  throw ExitError(Outcome::kLost, "the connection was lost: " + why);
}

}  // namespace

PlainLink::PlainLink(OwnedFd socket, Signals& signals)
    : socket_(std::move(socket)), signals_(signals), room_(kRoom) {
  reset_on_close(socket_.get(), true);
  send_promptly(socket_.get());
}

void PlainLink::send(std::string_view bytes, milliseconds patience) {
  Time give_up = Clock::now() + patience;
  while (!bytes.empty()) {
    WaitSet wait;
    wait.want_write(socket_.get());
    wait.wake_by(give_up);
    interruptible_wait(wait, signals_);
    const IoResult sent = send_some(socket_.get(), bytes);
    if (sent.failed()) lost(error_text(sent.error));
    bytes.remove_prefix(sent.count);
    if (sent.moved()) give_up = Clock::now() + patience;
    if (Clock::now() >= give_up) lost("the server takes nothing more");
  }
}

std::string_view PlainLink::receive(milliseconds patience) {
  const Time give_up = Clock::now() + patience;
  while (true) {
    WaitSet wait;
    wait.want_read(socket_.get());
    wait.wake_by(give_up);
    interruptible_wait(wait, signals_);
    const IoResult got = receive_some(socket_.get(), room_);
    if (got.moved()) return {room_.data(), got.count};
    if (got.end()) return {};
    if (got.failed()) lost(error_text(got.error));
    if (Clock::now() >= give_up) lost("the server is silent");
  }
}

void PlainLink::forget_received() { receive_some(socket_.get(), room_); }

void PlainLink::end() {
  reset_on_close(socket_.get(), false);
  ::shutdown(socket_.get(), SHUT_WR);
}

}  // namespace talk
