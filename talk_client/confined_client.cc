#include "talk_client/confined_client.h"

#include <cstdlib>

#include "common/posix/environment.h"
#include "common/posix/user.h"
#include "common/text/width.h"

namespace talk {
namespace {

Confine wanted() { return parse_confine("TALK_CONFINE", environment("TALK_CONFINE", "auto")); }

SendRule send_rule(const ClientOptions& options) {
  SendRule rule{real_path(home_directory()), {real_path(options.directory)}};
  for (const std::string& path : options.send) rule.named.push_back(real_path(path));
  return rule;
}

}  // namespace

ConfinedClient::ConfinedClient(const ClientOptions& options, Route& route)
    : options_(options), how_(wanted()), files_(direct_files()) {
  if (how_ == Confine::off) return;
  Monitor::Deeds calls;
  calls[Route::kCall] = [&route](const PassedDescriptor&) {
    return PassedDescriptor{route.open()};
  };
  calls[Route::kCallAgain] = [&route](const PassedDescriptor&) {
    return PassedDescriptor{route.open(Route::Call::again)};
  };
  calls[Route::kParting] = [&route](const PassedDescriptor&) {
    return PassedDescriptor{OwnedFd(), {route.parting()}};
  };
  calls[Monitor::kEnd] = [&route](const PassedDescriptor&) {
    route.hang_up();
    return PassedDescriptor();
  };
  // It starts --via's command, which may be any, one that changes users among them: so it gives up
  // nothing. But it is asked by a word alone, and told nothing else.
  caller_ = std::make_unique<Monitor>(calls);
  const SendRule rule = send_rule(options);
  monitor_ = std::make_unique<Monitor>(file_deeds(rule), [&] {
    talk::confine({.files = Rights::Files::read, .monitors = true, .readable = rule.roots()}, how_);
  });
  route.open_through(*caller_);
  files_ = monitored_files(*monitor_);
}

void ConfinedClient::confine() const {
  load_widths();
  Rights rights{Rights::Files::write};
  rights.talks = true;
  rights.writable = {options_.directory};
  talk::confine(rights, how_);
}

}  // namespace talk
