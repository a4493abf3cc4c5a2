// The listening socket: takes visitors out of its backlog. Where no descriptor is left for one it
// pauses instead of spinning, and says so in the log once a minute.
#pragma once

#include <optional>

#include "common/posix/address.h"
#include "common/posix/clock.h"
#include "common/posix/owned_fd.h"
#include "common/posix/wait_set.h"

namespace talk {

class Acceptor {
 public:
  // `socket` listens and is non-blocking.
  explicit Acceptor(OwnedFd socket) : socket_(std::move(socket)) {}

  // Waits for a visitor, or for the end of the pause.
  void watch(WaitSet& wait, Time now);
  bool has_visitor(const WaitSet& wait) const { return wait.can_read(socket_.get()); }

  struct Visitor {
    OwnedFd socket;  // close-on-exec and blocking, as the handler contract has it
    Address address;
  };
  // The next of those who wait; nothing where there is none, or none can be taken now.
  std::optional<Visitor> accept(Time now);

 private:
  void failed(int error, Time now);

  OwnedFd socket_;
  std::optional<Time> paused_until_;
  std::optional<Time> pause_logged_at_;
};

}  // namespace talk
