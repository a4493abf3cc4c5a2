// A visitor's connection as the headless handlers use it: they either wait for bytes or for room
// to send, never for both, so a visitor who does not read is not read from either.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string_view>

#include "common/posix/clock.h"
#include "common/posix/signals.h"
#include "common/posix/wait_set.h"
#include "server_handler/start/session.h"

namespace talk {

// The peer reset the connection or cannot be reached any more. For a handler that is an ordinary
// way for a session to end.
struct PeerLost : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Nothing came from the peer, or was taken by it, for as long as the session bears (TALK_IDLE).
struct PeerIdle : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// SIGHUP, SIGINT or SIGTERM came while a connection waited that was told of them.
struct Stopped : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct Received {
  enum class Kind { bytes, end, nothing };
  Kind kind = Kind::nothing;
  std::string_view bytes;  // in the connection, valid until its next receive
};

class Connection {
 public:
  static constexpr std::size_t kReceive = std::size_t{64} << 10;

  // The socket stays its owner's. A short reply leaves at once, and a peer that vanished is
  // noticed within about a minute; how long a living one takes to read is its own affair.
  // Without `signals` a signal acts as usual; with them it becomes Stopped.
  explicit Connection(const Session& session, Signals* signals = nullptr);

  // Waits for the next bytes, at most kReceive, or the peer's end; `nothing` at the deadline.
  // Throws PeerLost, PeerIdle.
  [[nodiscard]] Received receive(std::optional<Time> deadline = std::nullopt);

  // Sends all, in one send() as long as the kernel has room. Throws PeerLost, PeerIdle.
  void send(std::string_view bytes);

 private:
  void wait(WaitSet& wait, Time since);
  void check_patience(Time since) const;

  int socket_;
  seconds idle_;
  Signals* signals_;
  sigset_t mask_;
  // On the heap and never cleared: the pages into which nothing was received cost nothing. A frame
  // of that size on the stack is touched, page by page, by the compiler's guard against stack
  // clashes: an idle session takes 84 KiB so, and 58 more with the buffer on the stack
  // (tests/bench/services/measure.py memory).
  std::unique_ptr<char[]> room_{std::make_unique_for_overwrite<char[]>(kReceive)};
};

}  // namespace talk
