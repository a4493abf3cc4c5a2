// What a server that was called speaks, judged by how it begins. Nothing is sent before that is
// known: files must never be poured into somebody's talk.
#pragma once

#include "common/posix/clock.h"
#include "common/posix/signals.h"

namespace talk {

enum class Dialect {
  talk1,   // a TALK/1 greeting
  accio,   // "accio\r\n"
  other,   // anything else
  silent,  // nothing within the patience
};

// Leaves every byte in the socket: it may be asked again. Throws ExitError: kLost where the link
// broke or was closed before that was known, kRefused where the server says that it refuses.
Dialect recognise_dialect(int socket, Signals& signals, milliseconds patience);

}  // namespace talk
