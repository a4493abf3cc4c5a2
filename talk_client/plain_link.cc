#include "talk_client/plain_link.h"

#include <sys/socket.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "common/posix/error.h"
#include "common/posix/io.h"
#include "common/posix/socket_options.h"
#include "common/posix/tcp_gauge.h"
#include "common/posix/wait_set.h"
#include "common/session/outcome.h"
#include "talk_client/interruptible_wait.h"

namespace talk {
namespace {

constexpr std::size_t kRoom = std::size_t{256} << 10;

constexpr seconds kLeave{2};
constexpr seconds kLookAgain{1};  // how far what was sent has got

[[noreturn]] void broken(int error) {
  throw ExitError(Outcome::kLost, "the connection was lost: " + error_text(error));
}

[[noreturn]] void given_up(const std::string& what, milliseconds patience) {
  const auto waited = std::chrono::duration_cast<seconds>(patience).count();
  throw ExitError(Outcome::kLost, what + " for " + std::to_string(waited) + " s");
}

}  // namespace

PlainLink::PlainLink(OwnedFd socket, Signals& signals)
    : socket_(std::move(socket)), signals_(signals), room_(kRoom) {
  send_promptly(socket_.get());
}

void PlainLink::reset_unless_ended() { reset_on_close(socket_.get(), true); }

void PlainLink::end() {
  reset_on_close(socket_.get(), false);
  ::shutdown(socket_.get(), SHUT_WR);
}

void PlainLink::leave() {
  end();
  const Time give_up = Clock::now() + kLeave;
  while (Clock::now() < give_up) {
    WaitSet wait;
    wait.want_read(socket_.get());
    wait.wake_by(give_up);
    interruptible_wait(wait, signals_);
    const IoResult got = receive_some(socket_.get(), room_);
    if (got.end() || got.failed()) return;
  }
}

void PlainLink::send(std::string_view bytes, milliseconds patience) {
  Time give_up = Clock::now() + patience;
  while (!bytes.empty()) {
    WaitSet wait;
    wait.want_write(socket_.get());
    wait.wake_by(give_up);
    interruptible_wait(wait, signals_);
    const IoResult sent = send_some(socket_.get(), bytes);
    if (sent.failed()) broken(sent.error);
    bytes.remove_prefix(sent.count);
    if (sent.moved()) give_up = Clock::now() + patience;
    if (Clock::now() >= give_up) given_up("the server has taken nothing", patience);
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
    if (got.failed()) broken(got.error);
    if (Clock::now() >= give_up) given_up("nothing was heard from the server", patience);
  }
}

void PlainLink::await_end(milliseconds patience) {
  Time give_up = Clock::now() + patience;
  std::uint64_t on_the_way = UINT64_MAX;
  while (true) {
    const Time now = Clock::now();
    const std::optional<TcpReading> reading = read_tcp(socket_.get());
    if (reading && reading->queued < on_the_way) give_up = now + patience;
    if (reading) on_the_way = reading->queued;
    WaitSet wait;
    wait.want_read(socket_.get());
    wait.wake_by(std::min<Time>(give_up, now + kLookAgain));
    interruptible_wait(wait, signals_);
    const IoResult got = receive_some(socket_.get(), room_);
    if (got.end()) return;
    if (got.failed()) broken(got.error);
    if (Clock::now() >= give_up) given_up("the server has not ended the connection", patience);
  }
}

bool PlainLink::await(milliseconds patience) {
  const Time give_up = Clock::now() + patience;
  WaitSet wait;
  wait.want_read(socket_.get());
  wait.wake_by(give_up);
  while (true) {
    interruptible_wait(wait, signals_);
    if (wait.can_read(socket_.get())) return true;
    if (Clock::now() >= give_up) return false;
  }
}

bool PlainLink::forget_received() { return receive_some(socket_.get(), room_).moved(); }

}  // namespace talk
