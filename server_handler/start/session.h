// What the listener says of a session, and what the session has to say in its log.
#pragma once

#include <cstdint>
#include <string>

#include "common/confine/confine.h"
#include "common/posix/clock.h"

namespace talk {

struct Session {
  int socket = -1;                       // above 2; belongs to run_handler()
  std::uint64_t number = 0;              // TALK_SESSION, counted from 1; 0 where nobody counted
  std::string dir;                       // TALK_DIR, or "." where nobody said
  seconds idle{0};                       // TALK_IDLE: the longest silence of a peer; 0: any
  Confine confine = Confine::automatic;  // TALK_CONFINE
};

// Whether standard error is the log. In a window of a terminal that passes its descriptors on it is
// that window.
bool has_log();

// What went wrong, with whose session and directory it was: many write into one log.
std::string with_place(const Session& session, const std::string& problem);

// Puts why a session ended into the log, where it was not its peer's wish; `reason` may be
// anyone's words.
void log_end(const Session& session, const std::string& reason);

}  // namespace talk
