#include "server_handler/start/session.h"

#include <unistd.h>

#include "common/posix/log.h"
#include "common/text/display.h"

namespace talk {

bool has_log() {
  return ::isatty(STDIN_FILENO) != 1 || ::isatty(STDOUT_FILENO) != 1 ||
         ::isatty(STDERR_FILENO) != 1;
}

void log_end(const Session& session, const std::string& reason) {
  log_event("session " + std::to_string(session.number) + " ended reason=" + log_text(reason));
}

}  // namespace talk
