// The echo service: every byte comes back at once, and the message `:exit` ends the session.
#include "common/wire/limits.h"
#include "server_handler/echo/echo.h"
#include "server_handler/start/connection.h"
#include "server_handler/start/start.h"

namespace {

int serve(const talk::Session& session) {
  talk::Connection peer(session);
  talk::Echo echo;
  std::optional<talk::Time> pause;
  while (!echo.over()) {
    const talk::Received got = peer.receive(pause);
    if (got.kind == talk::Received::Kind::end) {
      peer.send(echo.end());
      break;
    }
    const bool bytes = got.kind == talk::Received::Kind::bytes;
    peer.send(bytes ? echo.receive(got.bytes) : echo.pause());
    pause.reset();
    if (echo.awaits_pause()) pause = talk::Clock::now() + talk::kMessagePause;
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  return talk::run_handler(
      argc, argv,
      {"echo_handler",
       "Sends every byte back at once. The message :exit, ended by a line end, a NUL, a pause or\n"
       "the end of input, ends the session.\n\n"},
      serve);
}
