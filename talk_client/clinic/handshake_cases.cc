// The cases of accio's handshake.
#include "talk_client/clinic/kind_cases.h"
#include "talk_client/clinic/shared_cases.h"

namespace talk::clinic {
namespace {

using Do = Step::Do;
constexpr const char* kHandshake =
    "confirm-accio: a second accio; then confirm-accio-again and, if it is there, an empty line, "
    "in any number of pieces, perhaps with file bytes behind it in the same packet.";
constexpr const char* kGenerations =
    "Four generations of clients exist: confirm-accio is today's, Content-Disposition 2021's, "
    "anything else is older, or telnet: everything is the file.";
const std::string kText = "clinic {token}\n";
const std::string kGlued = "confirm-accio-again\r\n\r\nclinic {token}\n";

// The rest of an upload, on an open connection.
Script upload(const std::string& text) { return Script().send(text).half_close().end(); }

Script half_shaken() {
  return Script().open().reply("accio", "\r\n").send("confirm-accio\r\n").reply("accio", "\r\n");
}

std::vector<Case> todays() {
  return {
      {"greeting", "the greeting: accio and CR LF, in one send", "accio sends accio CR LF at once.",
       "no-greeting",
       Script().open().reply("accio", "\r\n").in_one_send().quiet(milliseconds(500))},
      {"handshake-bytes",
       "both confirmations come byte by byte",
       kHandshake,
       "one-recv",
       Script()
           .open()
           .reply("accio", "\r\n")
           .slowly("confirm-accio\r\n", 1)
           .reply("accio", "\r\n")
           .slowly("confirm-accio-again\r\n\r\n", 1)
           .add(upload(kText)),
       {"first", "new-accio"}},
      {"glued",
       "the file comes in one packet with the confirmation",
       kHandshake,
       "glued-to-handshake",
       half_shaken().add(upload(kGlued)),
       {"first", "new-accio"}},
      {"no-empty-line",
       "the second confirmation without the empty line",
       kHandshake,
       "no-close",
       half_shaken().send("confirm-accio-again\r\n").pause(milliseconds(200)).add(upload(kText)),
       {"first", "new-accio"}},
  };
}

std::vector<Case> others() {
  return {
      {"cut-handshake", "the client ends in the middle of the handshake",
       "Anything else there, or an end in the middle: ERROR.", "no-close",
       Script()
           .open()
           .reply("accio", "\r\n")
           .send("confirm-ac")
           .half_close()
           .gone(milliseconds(0), milliseconds(12000))},
      {"old-client", "a client of an older generation sends its file at once", kGenerations,
       "no-close", Script().open().reply("accio", "\r\n").add(upload(kText))},
      {"header-client", "a client of 2021 sends a header, an empty line and its file", kGenerations,
       "no-close",
       Script()
           .open()
           .reply("accio", "\r\n")
           .add(upload("Content-Disposition: attachment; filename=\"a\"\r\n"
                       "Content-Type: text/plain\r\n\r\nclinic {token}\n"))},
  };
}

std::vector<Case> stored() {
  return {
      {"stored-glued",
       "file bytes behind the confirmation: are they in the file?",
       kHandshake,
       "glued-to-handshake",
       half_shaken().add(upload(kGlued)).stored("clinic {token}\n"),
       {"first", "stored", "new-accio"},
       Case::Wants::directory},
      {"stored-handshake",
       "is nothing of the handshake in the file?",
       kHandshake,
       "confirm-in-file",
       half_shaken()
           .send("confirm-accio-again\r\n\r\n")
           .pause(milliseconds(200))
           .add(upload(kText))
           .stored(kText),
       {"first", "stored", "new-accio"},
       Case::Wants::directory},
  };
}

}  // namespace

std::vector<Case> handshake_cases() {
  std::vector<Case> all = todays();
  append(all, others());
  append(all, stored());
  for (Case& one : all) one.needs.push_back("greets");
  return all;
}

}  // namespace talk::clinic
