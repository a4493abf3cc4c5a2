// The start and the end that all handlers share: the connection's number is checked, what was
// inherited is put in order, and the last words reach the peer.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "common/confine/rights.h"
#include "common/posix/clock.h"
#include "server_handler/start/session.h"

namespace talk {

// What a handler says of itself.
struct HandlerText {
  std::string name;   // "echo_handler"
  std::string about;  // --help: what the service is, in lines that end in a line feed
  // What it may do with files, which are those below the session's directory, and else. Where there
  // are none its `serve` confines itself, and then takes the PROXY header (proxied.h), before
  // it reads the visitor's first byte.
  std::optional<Rights> rights = Rights{};
};

// A handler's whole main(): --help and --version, or the connection whose number is the one
// argument, handed to `serve` with default signals (SIGPIPE ignored). Where `serve` returns the
// connection is ended in order, and so it is where the peer was idle for too long (PeerIdle);
// before a proxy that says nothing usable (ProxyError) it is shut. Where `serve` throws anything
// else it is reset, so that what was sent cannot be taken for all there is. Returns the exit code:
// 2 with an ERROR line for a number that is not decimal, not below FD_SETSIZE, or no open,
// connected stream socket; 0 where the peer was lost (connection.h), and for those two, which are
// logged; otherwise what run_program() says.
//
// A connection that came as standard input, output or error (inetd, tcpserver) is moved away and
// replaced there with /dev/null, so that nothing but the protocol can get onto it. Every other
// descriptor, and what the environment holds but named variables, is given up.
int run_handler(int argc, char** argv, const HandlerText& text,
                const std::function<int(const Session&)>& serve);

// The connection's orderly end: nothing more is said, and what the peer still sends is thrown away
// until its own end, at most `patience`. Closing with unread bytes would make the kernel reset the
// connection, and a reset can overtake the last words.
void end_connection(int socket, milliseconds patience = seconds{1});

}  // namespace talk
