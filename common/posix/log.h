// The running commentary on stderr, of the listener and of sessions with nobody at the desk: one
// line an event.
#pragma once

#include <string>

namespace talk {

// Writes RFC 3339 time, a blank and `event`, in one write. A peer's text in it has gone
// through log_text(). Where it cannot be written nothing happens: visitors are served all the same.
void log_event(const std::string& event);

}  // namespace talk
