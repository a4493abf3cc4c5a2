#include "server_handler/talk/log_screen.h"

#include "common/text/display.h"

namespace talk {

void LogScreen::show(const Entry& entry) {
  const bool worth_logging = entry.kind == Entry::Kind::info || entry.kind == Entry::Kind::error;
  if (!worth_logging) return;
  const char* const kind = entry.kind == Entry::Kind::error ? "failed" : "note";
  log_.event(std::string(kind) + " text=" + log_text(entry.text));
}

}  // namespace talk
