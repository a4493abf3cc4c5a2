// The upload sink that greets with accio: connection N becomes DIR/N.file.
#include "server_handler/start/start.h"
#include "server_handler/upload/upload.h"

int main(int argc, char** argv) {
  return talk::run_handler(
      argc, argv,
      {"accio_handler",
       "Says accio, takes the confirmations of clients that send them, and stores what follows as\n"
       "N.file in TALK_DIR, N being TALK_SESSION; after TALK_IDLE_SECONDS (10) without data, a\n"
       "broken connection or a wrong confirmation, the word ERROR.\n\n",
       talk::Rights{talk::Rights::Files::write}},
      [](const talk::Session& session) { return talk::take_upload(session, true); });
}
