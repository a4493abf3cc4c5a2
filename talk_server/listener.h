// Accepts visitors, gives each a number and a process, and collects the processes that have ended.
// It reads nothing that a visitor sends.
#pragma once

#include <optional>
#include <string>

#include "common/posix/clock.h"
#include "common/posix/owned_fd.h"
#include "common/posix/signals.h"
#include "talk_server/launcher.h"
#include "talk_server/session_table.h"

namespace talk {

class Listener {
 public:
  // `signals` must note kSignals.
  Listener(OwnedFd socket, Launcher launcher, SessionTable::Limits limits, Signals& signals);

  static constexpr std::initializer_list<int> kSignals = {SIGINT, SIGTERM, SIGQUIT, SIGCHLD};

  // Serves until a signal asks to stop; then tells every session and waits for them, at most 3 s.
  void run();

 private:
  bool stop_asked();
  void accept_some(Time now);
  void admit(OwnedFd visitor, const Address& remote);
  void no_descriptors(int error, Time now);
  void collect();
  void stop();

  OwnedFd socket_;
  Launcher launcher_;
  SessionTable sessions_;
  Signals& signals_;
  std::optional<Time> paused_until_;  // no descriptors: accepting would spin
  std::optional<Time> pause_logged_at_;
};

}  // namespace talk
