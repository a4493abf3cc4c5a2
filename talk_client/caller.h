// Calling the server for --send and --get, again where that is asked for, until it is known what it
// speaks.
#pragma once

#include <string>

#include "common/posix/clock.h"
#include "common/posix/owned_fd.h"
#include "common/posix/signals.h"
#include "talk_client/dialect.h"
#include "talk_client/options.h"

namespace talk {

class Caller {
 public:
  // A connection from which nothing was taken yet.
  struct Answer {
    OwnedFd socket;
    Dialect dialect = Dialect::silent;
  };

  Caller(const ClientOptions& options, Signals& signals) : options_(options), signals_(signals) {}

  // Throws ExitError(kRefused).
  OwnedFd connect() const;
  // Throws ExitError.
  Answer call(milliseconds patience) const;
  // Calls until a server speaks TALK/1; none at the end of patience.
  OwnedFd call_again(Time give_up) const;

 private:
  const ClientOptions& options_;
  Signals& signals_;
};

}  // namespace talk
