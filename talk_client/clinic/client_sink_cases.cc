// The cases of clients that hand in a file: each run of the client is the next one.
#include "talk_client/clinic/kind_cases.h"
#include "talk_client/clinic/shared_cases.h"

namespace talk::clinic {
namespace {

using std::string_literals::operator""s;
using Do = Step::Do;
constexpr milliseconds kLate{1500};

constexpr const char* kHandshake =
    "Greeted with accio the client confirms, waits for the second one, confirms again, pauses "
    "200 ms, sends, shuts down its side and waits for the end.";
constexpr const char* kNothing = "Greeted with anything else, it sends nothing and fails.";
constexpr const char* kTenSeconds = "10 s for each step.";
constexpr const char* kUpload =
    "It sends just the bytes, whatever greets it, and shuts down its side.";

Script file_then_close() { return Script().then(Do::take_all).close(); }
Script handed_in() { return Script().open().confirmed().add(file_then_close()); }
Script greeted_with(const std::string& words) {
  return Script()
      .open()
      .send(words)
      .lasting(Do::no_more, milliseconds(700))
      .blame("speaks-first", "stays", "stays")
      .weigh(Weight::fragile);
}

std::vector<Case> accio_beginnings() {
  return {
      {"first", "a file is handed in as it should be", kHandshake, "never-ends", handed_in(), {}},
      {"greeting-bytes", "the server's greetings come byte by byte", kHandshake, "one-recv",
       Script().open().confirmed(1).add(file_then_close())},
      {"greeting-halves",
       "they come in two pieces each",
       kHandshake,
       "one-recv",
       Script().open().confirmed(4).add(file_then_close()),
       {"first", "greeting-bytes"}},
      {"late-greeting", "each greeting comes late", kHandshake, "impatient",
       Script().open().confirmed(0, kLate).add(file_then_close())},
      {"file-apart",
       "does a moment lie between the confirmation and the file?",
       "It pauses 200 ms: real servers swallow file bytes that arrive with the confirmation.",
       "glued-to-confirmation",
       Script().open().confirmed().then(Do::apart).weigh(Weight::fragile).add(file_then_close()),
       {"first", "new-accio"}},
  };
}

std::vector<Case> accio_middles() {
  return {
      {"slow-server", "the server does not read for 3 s", kHandshake, "short-write",
       Script().open().confirmed().pause(milliseconds(3000)).add(file_then_close())},
      {"now-and-then",
       "the server reads only now and then",
       kHandshake,
       "short-write",
       Script()
           .open()
           .confirmed()
           .lasting(Do::now_and_then, milliseconds(1500))
           .add(file_then_close()),
       {"first", "slow-server"}},
      {"stops",
       "the server stops reading in the middle for 2 s",
       kHandshake,
       "short-write",
       Script()
           .open()
           .confirmed()
           .then(Do::begins)
           .pause(milliseconds(2000))
           .add(file_then_close()),
       {"first", "slow-server"}},
      {"waits-for-end", "the whole file has come, and the server is still writing it to its disk",
       "It shuts down its side and waits for the end.", "leaves-early",
       Script()
           .open()
           .confirmed()
           .then(Do::take_all)
           .then(Do::waits_for_end)
           .weigh(Weight::differs)
           .close()},
      {"once-more", "the same as at the beginning: the same bytes", kHandshake, "file-differs",
       handed_in()},
  };
}

std::vector<Case> accio_strangers() {
  const auto asks = [] { return Script().open().send("accio\r\n").then(Do::take); };
  std::vector<Case> cases = {
      {"ends-at-once", "the server ends without a word", "10 s for each step; an end: it fails.",
       "stays", gives_up(Script().open())},
      {"other-greeting", "the server is somebody else's", kNothing, "speaks-first",
       gives_up(greeted_with("220 mail ready\r\n"))},
      {"near-greeting", "a greeting that only begins like accio's", kNothing, "speaks-first",
       gives_up(greeted_with("accion 1.0\r\n"))},
      {"web-greeting", "a web server complains", kNothing, "speaks-first",
       gives_up(greeted_with("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"))},
      {"wrong-second",
       "the second greeting is none",
       kNothing,
       "speaks-first",
       gives_up(
           asks().send("sorry\r\n").lasting(Do::no_more, milliseconds(700)).weigh(Weight::fragile)),
       {"first", "new-accio"}},
      {"half-greeting",
       "it ends in the middle of its greeting",
       kNothing,
       "stays",
       gives_up(greeted_with("acc")),
       {"first"}},
      {"ends-early",
       "it ends after its first greeting",
       "A server that leaves in the middle of the handshake: the client fails.",
       "stays",
       gives_up(asks()),
       {"first"}},
  };
  // Who does not leave when a server has ended has one mistake, not six.
  for (Case& one : cases)
    if (one.id != "ends-at-once") one.needs.push_back("ends-at-once");
  return cases;
}

std::vector<Case> accio_silences() {
  const auto left = [](Script silence) {
    return silence.gone(milliseconds(0), milliseconds(90'000))
        .blame("waits-forever")
        .weigh(Weight::fragile);
  };
  std::vector<Case> cases = {
      {"no-greeting", "the server says nothing", kTenSeconds, "waits-forever",
       left(Script()
                .open()
                .quiet(milliseconds(2000))
                .blame("speaks-first", "impatient", "impatient"))},
      {"no-second",
       "the second greeting never comes",
       kTenSeconds,
       "waits-forever",
       left(Script()
                .open()
                .send("accio\r\n")
                .then(Do::take)
                .quiet(milliseconds(2000))
                .blame("speaks-first", "impatient", "impatient")),
       {"first", "new-accio"}},
  };
  for (Case& one : cases) one.wants = Case::Wants::load;
  return cases;
}

// What the server says is no matter for upload.
std::vector<Case> upload_greetings() {
  const auto spoken = [](const std::string& words) {
    return Script().open().send(words).add(
        Script().then(Do::take_all).blame("file-differs", "never-ends", "leaves-unread").close());
  };
  return {
      {"spoken-to", "the server says something all the same", kUpload, "leaves-unread",
       spoken("hello\r\n")},
      {"greeted-accio", "it greets with accio", kUpload, "leaves-unread", spoken("accio\r\n")},
      {"greeted-talk", "it greets as a server to talk with does", kUpload, "leaves-unread",
       spoken("TALK/1 pid=8402 name=prof\r\n")},
      {"web-greeting", "a web server complains", kUpload, "leaves-unread",
       spoken("HTTP/1.1 400 Bad Request\r\n\r\n")},
      {"spoken-binary", "it says bytes that are no text", kUpload, "leaves-unread",
       spoken("\xff\xfe\0\x1b[2J\n"s)},
      {"spoken-much", "it says 64 KiB", kUpload, "leaves-unread", spoken(std::string(65536, 'w'))},
      {"spoken-bytes", "it says something byte by byte", kUpload, "leaves-unread",
       Script()
           .open()
           .slowly("well done\r\n", 1)
           .add(Script().then(Do::take_all).blame("file-differs", "never-ends", "leaves-unread"))},
  };
}

std::vector<Case> upload_slowness() {
  const auto silent = [](milliseconds time) {
    return Script().open().pause(time).add(file_then_close());
  };
  std::vector<Case> cases = {
      {"slow-server", "the server does not read for 3 s", kUpload, "short-write",
       silent(milliseconds(3000))},
      {"now-and-then",
       "it reads only now and then",
       kUpload,
       "short-write",
       Script().open().lasting(Do::now_and_then, milliseconds(1500)).add(file_then_close()),
       {"first", "slow-server"}},
      {"stops",
       "it stops reading in the middle for 2 s",
       kUpload,
       "short-write",
       Script().open().then(Do::begins).pause(milliseconds(2000)).add(file_then_close()),
       {"first", "slow-server"}},
      {"half-closed", "the server has nothing to say and says so at once", kUpload,
       "half-close-lost", Script().open().half_close().add(file_then_close())},
      {"half-closed-late",
       "it says so in the middle of the file",
       kUpload,
       "half-close-lost",
       Script()
           .open()
           .then(Do::begins)
           .pause(milliseconds(100))
           .half_close()
           .add(file_then_close()),
       {"first", "half-closed"}},
      {"late-end", "the server ends 2 s after the client", kUpload, "file-differs",
       Script().open().then(Do::take_all).pause(milliseconds(2000)).close()},
      {"long-silence",
       "the server does not read for 8 s",
       kUpload,
       "impatient",
       silent(kNearlyTen),
       {"first", "slow-server"},
       Case::Wants::load},
  };
  return cases;
}

}  // namespace

std::vector<Case> accio_client_cases() {
  std::vector<Case> all = accio_beginnings();
  append(all, accio_middles());
  append(all, accio_strangers());
  append(all, accio_silences());
  return all;
}

std::vector<Case> upload_client_cases() {
  const auto plain = [] { return Script().open().add(file_then_close()); };
  std::vector<Case> all = {
      {"first", "a file is handed in as it should be", kUpload, "never-ends", plain(), {}},
      {"again", "the same file again: the same bytes", kUpload, "file-differs", plain()},
  };
  append(all, upload_slowness());
  append(all, upload_greetings());
  all.push_back({"once-more", "the same after all this", kUpload, "file-differs", plain()});
  return all;
}

}  // namespace talk::clinic
