// A connection that came through a balancer (--proxy-protocol): for whom it calls is read first.
#pragma once

#include "server_handler/start/session.h"

namespace talk {

// Where TALK_PROXY asks for it, takes the PROXY header off the connection, and nothing behind it.
// The visitor's address is from then on in the environment, as the listener has it for others, and
// in the log. Throws ProxyError where there is no whole header within 5 s, PeerLost where the
// connection broke.
void take_proxy_header(const Session& session);

}  // namespace talk
