// Questions to sockets of which no byte is read: to a connection that is in another process's
// hands, of whoever keeps a copy of it, and to a listening socket.
#pragma once

#include <cstdint>
#include <optional>

namespace talk {

// Whether the peer has gone with nothing left to be heard: it has reset the connection, or ended
// its side with nothing before that end that is still to be read.
bool has_left_unheard(int socket);

// Whether the talk is over for this side, whichever process said so: its end has been sent, or the
// connection is no more. False where the system does not say.
bool is_shut_down(int socket);

// How many connections wait to be accepted from a listening socket; nothing where the system does
// not say.
std::optional<std::uint64_t> backlog_length(int listening);

}  // namespace talk
