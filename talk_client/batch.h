// talk_client --send and --get: files are moved and the program leaves; nobody is asked anything.
#pragma once

#include <memory>

#include "talk_client/confined_client.h"
#include "talk_client/options.h"
#include "talk_client/route.h"

namespace talk {

// Returns the exit code. Throws ExitError.
int run_batch(const ClientOptions& options, const std::shared_ptr<Route>& route,
              const std::shared_ptr<const ConfinedClient>& confined);

}  // namespace talk
