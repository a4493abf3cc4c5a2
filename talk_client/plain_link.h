// A connection to a server that knows no frames: bytes in order, and a limit to every silence.
#pragma once

#include <string_view>
#include <vector>

#include "common/posix/clock.h"
#include "common/posix/owned_fd.h"
#include "common/posix/signals.h"

namespace talk {

class PlainLink {
 public:
  PlainLink(OwnedFd socket, Signals& signals);

  // From here until end() the connection is reset when this program ends in any way, so that a
  // part of a file is never taken for a whole one.
  void reset_unless_ended();
  // Says that nothing more is sent.
  void end();
  // Takes leave of a server with which there is nothing to do: reads what it still says, so that
  // closing does not reset the connection under it.
  void leave();

  // All throw Interrupted at a signal, and ExitError(kLost) where the link breaks, or where nothing
  // moves for `patience`.
  void send(std::string_view bytes, milliseconds patience);
  // What came next; empty at the server's end. Valid until the next call.
  std::string_view receive(milliseconds patience);
  // Waits for the server's end, whatever it still says. What was sent before may take its time on
  // the way: patience begins when it gets no further.
  void await_end(milliseconds patience);
  // Whether something (the end is) comes within that time.
  bool await(milliseconds patience);
  // Throws away what has come up to now (of an endless stream, some). Whether there was any.
  bool forget_received();

 private:
  OwnedFd socket_;
  Signals& signals_;
  std::vector<char> room_;
};

}  // namespace talk
