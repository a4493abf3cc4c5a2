// Two questions to a connection that is in another process's hands: of whoever keeps a copy of the
// socket, and reads no byte from it.
#pragma once

namespace talk {

// Whether the peer has gone with nothing left to be heard: it has reset the connection, or ended
// its side with nothing before that end that is still to be read.
bool has_left_unheard(int socket);

// Whether the talk is over for this side, whichever process said so: its end has been sent, or the
// connection is no more. False where the system does not say.
bool is_shut_down(int socket);

}  // namespace talk
