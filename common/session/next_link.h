// Where a talk that has lost its link gets another one from: this side calls again, or the other
// one has, and the connection was handed to this process. Never waits; driven by the talk's loop.
#pragma once

#include <optional>
#include <string>

#include "common/posix/clock.h"
#include "common/posix/owned_fd.h"
#include "common/posix/wait_set.h"

namespace talk {

class NextLink {
 public:
  struct Link {
    OwnedFd socket;
    std::string peer;  // its address, for the screen
    std::string read;  // what was read of it already
  };

  virtual ~NextLink() = default;

  // There is no link any more, or the one that was brought was not the right one.
  virtual void wanted(Time now) = 0;
  // The one that was brought is the right one.
  virtual void answered(Time /*now*/) {}
  // The person does not want to wait.
  virtual void call_now(Time /*now*/) {}

  virtual void prepare(WaitSet& wait) const = 0;
  // One that is there now; it replaces whatever link there is.
  virtual std::optional<Link> turn(const WaitSet& wait, Time now) = 0;
  // When this side calls; nothing where it does not, or need not.
  virtual std::optional<Time> next_call() const { return std::nullopt; }
};

}  // namespace talk
