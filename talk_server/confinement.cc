#include "talk_server/confinement.h"

#include <stdexcept>

#include "common/confine/confine.h"
#include "common/files/send_rule.h"
#include "common/posix/error.h"
#include "common/posix/log.h"
#include "common/posix/user.h"
#include "common/text/display.h"
#include "talk_server/handlers.h"

namespace talk {
namespace {

const char* word_of(Confine confine) {
  if (confine == Confine::require) return "require";
  return confine == Confine::off ? "off" : "auto";
}

}  // namespace

std::vector<std::string> confinement_settings(const ServerOptions& options) {
  if (!handler_kind(options.handler).ours()) {
    if (options.confine != Confine::require) return {};
    throw UsageError("--confine require is for the handlers that come with Talk");
  }
  if (options.confine != Confine::off) {
    const std::string lacks = confinement_lacks();
    if (!lacks.empty() && options.confine == Confine::require)
      throw std::runtime_error("confine sessions: " + lacks);
    if (!lacks.empty()) log_event("sessions are less confined reason=" + log_text(lacks));
  }
  return {std::string("TALK_CONFINE=") + word_of(options.confine)};
}

void warn_of_home(const ServerOptions& options) {
  if (!handler_kind(options.handler).has_files) return;
  const std::string directory = real_path(options.directory);
  if (!holds_home(directory, real_path(home_directory()))) return;
  log_event("sessions have a home within reach dir=" + log_text(directory) +
            " reason=\"whoever takes a handler over has all of its directory, hidden files too: "
            "name one of its own\"");
}

// A home at the root is that of a user who has none.
bool holds_home(std::string_view directory, std::string_view home) {
  if (home.size() <= 1 || !home.starts_with(directory)) return false;
  return directory == "/" || home.size() == directory.size() || home[directory.size()] == '/';
}

}  // namespace talk
