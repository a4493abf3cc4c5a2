// The cases of clients: each run of the client is the next one, and we are its server.
#include "talk_client/clinic/kind_cases.h"

namespace talk::clinic {
namespace {

using std::string_literals::operator""s;
using Do = Step::Do;
constexpr milliseconds kLate{1500};
constexpr milliseconds kGivesUp{15000};

constexpr const char* kHandshake =
    "Greeted with accio the client confirms, waits for the second one, confirms again, sends, "
    "shuts "
    "down its side and waits for the end.";
constexpr const char* kUpload = "It sends just the bytes and shuts down its side.";
constexpr const char* kFetch =
    "A name in; the digits of the first receive are the process ID, the rest is the file, up to "
    "the end of the connection.";
constexpr const char* kReplies = "A reply is a line, whatever pieces it comes in.";

Script taken_file() { return Script().then(Do::take_all).close(); }

}  // namespace

std::vector<Case> accio_client_cases() {
  const auto after = [](Script beginning) {
    return beginning.gone(milliseconds(0), kGivesUp).blame("no-timeout");
  };
  return {
      {"first",
       "an upload as it should be",
       kHandshake,
       "second-greeting",
       Script().open().confirmed().add(taken_file()),
       {}},
      {"greeting-bytes", "the server's greetings come byte by byte", kHandshake, "one-recv",
       Script().open().confirmed(1).add(taken_file())},
      {"late-greeting", "each greeting comes late", kHandshake, "early-timeout",
       Script().open().confirmed(0, kLate).add(taken_file())},
      {"slow-server", "the server does not read for a while", kHandshake, "short-write",
       Script().open().confirmed().pause(milliseconds(3000)).add(taken_file())},
      {"other-greeting", "the server is somebody else's",
       "Greeted with anything else, it sends nothing.", "speaks-first",
       after(Script()
                 .open()
                 .send("220 mail ready\r\n")
                 .quiet(milliseconds(1000))
                 .blame("speaks-first", "speaks-first", "")
                 .weigh(Weight::fragile)
                 .half_close())},
      {"no-greeting", "the server says nothing", "10 s for each step.", "no-timeout",
       Script()
           .open()
           .quiet(milliseconds(2000))
           .blame("speaks-first", "early-timeout", "early-timeout")
           .gone(milliseconds(0), milliseconds(90'000))
           .blame("no-timeout")
           .weigh(Weight::fragile)},
      {"ends-early", "the server ends after its first greeting",
       "A server that leaves in the middle of the handshake: the client fails.", "no-close",
       after(Script().open().send("accio\r\n").then(Do::take).half_close())},
      {"once-more", "the same as at the beginning: the same bytes", kHandshake, "file-differs",
       Script().open().confirmed().add(taken_file())},
  };
}

std::vector<Case> upload_client_cases() {
  return {
      {"first",
       "an upload as it should be",
       kUpload,
       "no-close",
       Script().open().add(taken_file()),
       {}},
      {"slow-server", "the server does not read for a while", kUpload, "short-write",
       Script().open().pause(milliseconds(3000)).add(taken_file())},
      {"spoken-to", "the server says something all the same", kUpload, "file-differs",
       Script().open().send("hello\r\n").add(taken_file())},
      {"half-closed", "the server has nothing to say and says so at once", kUpload,
       "half-close-lost", Script().open().half_close().add(taken_file())},
      {"once-more", "the same as at the beginning: the same bytes", kUpload, "file-differs",
       Script().open().add(taken_file())},
  };
}

std::vector<Case> fetch_client_cases() {
  const auto sent = [](const Script& reply) {
    return Script().open().then(Do::take).add(reply).half_close().then(Do::read_all);
  };
  const auto file = [&](const std::string& content) {
    return sent(Script().send("8402\n").pause(milliseconds(150)).send(content));
  };
  const std::string text = "the file of the clinic\n";
  return {
      {"first", "a small file", kFetch, "no-close", file(text), {}},
      {"id-bytes", "the process ID comes byte by byte", kFetch, "one-recv",
       sent(Script().slowly("8402\n", 1).pause(milliseconds(150)).send(text))},
      {"glued", "the process ID and the file come in one piece", kFetch, "one-recv",
       sent(Script().send("8402\n" + text))},
      {"file-bytes", "the file comes byte by byte", kFetch, "one-recv",
       sent(Script().send("8402\n").pause(milliseconds(150)).slowly(text, 1))},
      {"file-late", "the file stops in the middle for 2 s", kFetch, "one-recv",
       sent(Script()
                .send("8402\n")
                .pause(milliseconds(150))
                .send("the fi")
                .pause(milliseconds(2000))
                .send("le of the clinic\n"))},
      {"no", "there is no such file", "A whole reply of NO is not found.", "no-close", file("NO")},
      {"empty-file", "a file of no bytes", kFetch, "no-close", file("")},
      {"nul", "a file with a NUL inside", kFetch, "strlen-binary", file("before\0behind\n"s)},
      {"large", "a file of 4 MB", kFetch, "fixed-buffer", file(std::string(4'000'000, 'm'))},
      {"nothing", "the server ends without a reply", kFetch, "no-close", sent(Script())},
  };
}

std::vector<Case> store_client_cases() {
  const auto answered = [](std::size_t piece, milliseconds late) {
    return Script().open().answered(Do::answer_all, piece, late).then(Do::read_all);
  };
  return {
      {"first",
       "every request gets its reply",
       kReplies,
       "no-close",
       answered(0, milliseconds(0)),
       {}},
      {"reply-bytes", "replies come byte by byte", kReplies, "one-recv",
       answered(1, milliseconds(0))},
      {"reply-halves",
       "replies come in two pieces",
       kReplies,
       "one-recv",
       answered(4, milliseconds(0)),
       {"first", "reply-bytes"}},
      {"reply-late", "replies come late", kReplies, "early-timeout", answered(0, kLate)},
      {"ends-early", "the server ends instead of a reply", "End of input: the client ends, too.",
       "no-close", Script().open().then(Do::take).half_close().gone(milliseconds(0), kGivesUp)},
      {"once-more", "the same as at the beginning", kReplies, "no-close",
       answered(0, milliseconds(0))},
  };
}

std::vector<Case> echo_client_cases() {
  const auto echoed = [](std::size_t piece, milliseconds late) {
    return Script().open().answered(Do::echo_all, piece, late).then(Do::read_all);
  };
  constexpr const char* kBack = "Every byte comes back, in whatever pieces.";
  return {
      {"first", "what is said comes back", kBack, "no-close", echoed(0, milliseconds(0)), {}},
      {"echo-bytes", "it comes back byte by byte", kBack, "one-recv", echoed(1, milliseconds(0))},
      {"echo-halves",
       "it comes back in pieces of 5 bytes",
       kBack,
       "one-recv",
       echoed(5, milliseconds(0)),
       {"first", "echo-bytes"}},
      {"echo-late", "it comes back late", kBack, "early-timeout", echoed(0, kLate)},
      {"ends-early", "the server ends instead of echoing", "End of input: the client ends, too.",
       "no-close", Script().open().then(Do::take).half_close().gone(milliseconds(0), kGivesUp)},
      {"once-more", "the same as at the beginning", kBack, "no-close", echoed(0, milliseconds(0))},
  };
}

std::vector<Case> talk_client_cases() {
  constexpr const char* kWords = "Lines go both ways; what comes is made safe where it is shown.";
  const auto said = [](const Script& words) {
    return Script()
        .open()
        .add(words)
        .pause(milliseconds(300))
        .half_close()
        .gone(milliseconds(0), kGivesUp);
  };
  return {
      {"first",
       "the server says a line, and ends",
       kWords,
       "no-close",
       said(Script().send("hello from the clinic\n")),
       {}},
      {"bytes", "a line comes byte by byte", kWords, "one-recv",
       said(Script().slowly("hello from the clinic\n", 1))},
      {"no-ending", "words without any ending", kWords, "waits-for-line-feed",
       said(Script().send("hello"))},
      {"binary", "bytes that are no text", kWords, "text-only",
       said(Script().send("\xff\xfe\x80\0 \x1b[2J\x07\n"s))},
      {"long-line", "a line of 60,000 bytes", kWords, "fixed-buffer",
       said(Script().send(std::string(60000, 'l') + "\n"))},
      {"many-lines", "two thousand lines at once", kWords, "fixed-buffer",
       said(Script().flood("one of many lines\n", 2000))},
      {"deaf", "the server reads nothing for a while", kWords, "short-write",
       said(Script().pause(milliseconds(2000)).send("now I read\n"))},
      {"ends-at-once", "the server ends without a word", kWords, "no-close",
       Script().open().half_close().gone(milliseconds(0), kGivesUp)},
  };
}

}  // namespace talk::clinic
