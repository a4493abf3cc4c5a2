// The client as one that a server may take over: what it gives up before it reads the server's
// first byte, and the monitors that do for it what it may not do any more.
#pragma once

#include <memory>

#include "common/confine/confine.h"
#include "common/confine/monitor.h"
#include "common/files/own_files.h"
#include "talk_client/options.h"
#include "talk_client/route.h"

namespace talk {

class ConfinedClient {
 public:
  // Starts the monitors, one of which from here on calls the server for `route` (TALK_CONFINE=off:
  // none). Beside what a person would hand out it opens what stands on the command line.
  ConfinedClient(const ClientOptions& options, Route& route);

  const std::shared_ptr<OwnFiles>& files() const { return files_; }

  // From here on. The screen is open by now.
  void confine() const;

 private:
  const ClientOptions& options_;
  Confine how_;
  std::unique_ptr<Monitor> caller_;  // of its own: while it calls, files are opened all the same
  std::unique_ptr<Monitor> monitor_;
  std::shared_ptr<OwnFiles> files_;
};

}  // namespace talk
