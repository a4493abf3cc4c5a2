#include "server_handler/start/session.h"

#include <unistd.h>

#include "common/posix/log.h"
#include "common/text/display.h"

namespace talk {

bool has_log() {
  return ::isatty(STDIN_FILENO) != 1 || ::isatty(STDOUT_FILENO) != 1 ||
         ::isatty(STDERR_FILENO) != 1;
}

std::string with_place(const Session& session, const std::string& problem) {
  const std::string number =
      session.number == 0 ? "" : "session " + std::to_string(session.number) + " in ";
  return problem + " (" + number + display_text(session.dir) + ")";
}

void log_end(const Session& session, const std::string& reason) {
  log_event("session " + std::to_string(session.number) + " ended reason=" + log_text(reason));
}

}  // namespace talk
