// Calling the server for --send and --get until it is known what it speaks: again where the link
// breaks before that, and with patience where the server is full and lets its visitors wait.
#pragma once

#include <string>

#include "common/posix/clock.h"
#include "common/posix/owned_fd.h"
#include "common/posix/signals.h"
#include "talk_client/batch_screen.h"
#include "talk_client/dialect.h"
#include "talk_client/options.h"
#include "talk_client/route.h"

namespace talk {

// "REASON; trying again for 60 s"
std::string trying_again(const std::string& reason, seconds how_long);

class Caller {
 public:
  // A connection from which nothing was taken yet.
  struct Answer {
    OwnedFd socket;
    Dialect dialect = Dialect::silent;
  };
  // What is done with a server that says nothing: it may be full, or wait to be spoken to.
  enum class Silence { wait, return_soon };

  Caller(const ClientOptions& options, Route& route, Signals& signals, BatchScreen& screen)
      : options_(options), route_(route), signals_(signals), screen_(screen) {}

  std::string place() const { return route_.place(); }
  // How long a server whose link broke is called again.
  seconds retry() const;
  // How long a server may be silent that could be full.
  seconds patience() const;

  // Throws ExitError: kRefused, or kLost where it broke at once.
  OwnedFd connect() const;
  // Calls as long as --retry says where the link breaks. Throws ExitError.
  Answer call(Silence silence) const;
  // Calls until somebody answers, whatever it speaks; no socket where nobody does until then. The
  // more calls were in vain just before, the longer are the pauses.
  Answer call_again(Silence silence, Time give_up, int in_vain = 0) const;
  // Calls until a server speaks TALK/1; none where none does until then.
  OwnedFd call_talk1_again(Time give_up) const;

  // Said where nothing was heard from a server for a while.
  void explain_silence() const;

 private:
  Answer call_once(Silence silence) const;

  const ClientOptions& options_;
  Route& route_;
  Signals& signals_;
  BatchScreen& screen_;
};

}  // namespace talk
