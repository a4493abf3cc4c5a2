// A mistake of this program itself, as against one of a user, a peer or the system: those are
// exceptions (error.h, wire/protocol_error.h), this ends the process loudly where it is noticed.
#pragma once

namespace talk {

// Writes `what` to stderr and aborts. A state that no input can bring about is checked so.
[[noreturn]] void bug(const char* what);

// The same, for what must hold.
inline void check(bool holds, const char* what) {
  if (!holds) bug(what);
}

}  // namespace talk
