// The listening sockets: takes visitors out of their backlogs. Where no descriptor is left for one
// it pauses instead of spinning, and says so in the log once a minute.
#pragma once

#include <optional>

#include "common/posix/address.h"
#include "common/posix/clock.h"
#include "common/posix/owned_fd.h"
#include "common/posix/wait_set.h"
#include "talk_server/listening_sockets.h"

namespace talk {

class Acceptor {
 public:
  explicit Acceptor(ListeningSockets listening) : listening_(std::move(listening)) {}

  // Waits for a visitor, or for the end of the pause.
  void watch(WaitSet& wait, Time now);
  bool has_visitor(const WaitSet& wait) const;

  struct Visitor {
    OwnedFd socket;  // close-on-exec and blocking, as the handler contract has it
    Address address;
  };
  // The next of those who wait; nothing where there is none, or none can be taken now.
  std::optional<Visitor> accept(Time now);

 private:
  OwnedFd take(int socket, Address& address) const;
  bool is_trouble(int error) const;
  void pause(int error, Time now);

  ListeningSockets listening_;
  std::size_t next_ = 0;  // whose turn it is
  std::optional<Time> paused_until_;
  std::optional<Time> pause_logged_at_;
};

}  // namespace talk
