// What a conversation asks of its TCP connection. Failures are ignored: on a socket that is not
// TCP there is nothing to ask.
#pragma once

#include "common/posix/clock.h"

namespace talk {

// A short message leaves at once (TCP_NODELAY).
void send_promptly(int socket);

// What has been received is acknowledged now (TCP_QUICKACK), not up to 40 ms later. The kernel goes
// back to its own ways: to be called after each receive for which it matters.
void acknowledge_now(int socket);

// On an idle connection the kernel asks the peer for a sign of life, and gives it up after about
// `silence`. A peer that lives and does not read is waited for without end, which TCP_USER_TIMEOUT
// would not do (it counts from the first probe of a closed window).
void probe_idle_peer(int socket, seconds silence);

// A receive that waits gives up after that long, with EAGAIN; 0: never.
void limit_receive_time(int socket, seconds longest);

// Whether closing the connection resets it, also when the process is killed: so that what was sent
// up to then cannot be taken for all there is.
void reset_on_close(int socket, bool on);

// Whether `fd` is a connected stream socket, or was one until its peer reset it.
bool is_connected_stream(int fd);

}  // namespace talk
