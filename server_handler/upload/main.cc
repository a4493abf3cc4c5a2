// The upload sink without a word: connection N becomes DIR/N.file.
#include "server_handler/start/start.h"
#include "server_handler/upload/upload.h"

int main(int argc, char** argv) {
  return talk::run_handler(
      argc, argv,
      {"upload_handler",
       "Stores what comes until the end of input as N.file in TALK_DIR, N being TALK_SESSION;\n"
       "after TALK_IDLE_SECONDS (10) without data or a broken connection, the word ERROR.\n\n",
       talk::Rights{talk::Rights::Files::write}},
      [](const talk::Session& session) { return talk::take_upload(session, false); });
}
