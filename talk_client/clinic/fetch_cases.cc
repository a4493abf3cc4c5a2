// The cases of the file fetcher.
#include "talk_client/clinic/kind_cases.h"
#include "talk_client/clinic/shared_cases.h"

namespace talk::clinic {
namespace {

using std::string_literals::operator""s;
using Do = Step::Do;
constexpr const char* kReply =
    "The process ID of this handler comes back and then the file, or NO.";

KindSpeech speech() {
  return {"clinic-no-such-file-{N}",
          [](const std::string&, const std::string&, int who) {
            return Script().then(Do::fetched_no, who);
          },
          kReply, true};
}

// A name that must be answered with NO.
Script refused(const std::string& name, const std::string& silent = "no-missing") {
  return Script().open().send(name).then(Do::fetched_no).blame("", silent, silent);
}

std::vector<Case> name_cases() {
  constexpr const char* kOnly =
      "Only regular files below DIR; anything else, hidden parts, .., absolute names, directories: "
      "NO.";
  const std::string up = "../../../../../../../../../../";
  return {
      {"missing", "a file that is not there", kReply, "no-missing", refused("clinic/none\n")},
      {"parent", "a name that leads up and out", kOnly, "traversal", refused(up + "etc/passwd\n")},
      {"parent-inside", "a name that leads down, then up and out", kOnly, "traversal",
       refused("x/" + up + "etc/passwd\n")},
      {"absolute", "an absolute name", kOnly, "traversal", refused("/etc/passwd\n")},
      {"device",
       "a name of a device that never ends",
       kOnly,
       "traversal",
       refused(up + "dev/zero\n"),
       {"first", "parent"}},
      {"directory", "the name of a directory", kOnly, "no-missing", refused(".\n")},
      {"empty-name", "a line with nothing on it, then a name", "An empty message is ignored.",
       "empty-message",
       Script()
           .open()
           .send("\n")
           .pause(milliseconds(300))
           .send("clinic-none\n")
           .then(Do::fetched_no)
           .weigh(Weight::differs)},
      {"blanks", "a name with blanks", kReply, "no-missing", refused("clinic  none here\n")},
      {"utf8-name", "a name in other letters", kReply, "text-only",
       refused("Grüße-世界\n", "text-only")},
      {"binary-name", "a name that is no UTF-8", "Bytes and not text.", "text-only",
       refused("caf\xe9\xff\x01\n", "text-only")},
      {"formats", "a name that printf() would obey", "Bytes and not text.", "dies",
       refused("%s%s%n%x\n", "dies")},
      {"long-name", "a name of 5,000 bytes", kReply, "fixed-buffer",
       refused(std::string(5000, 'n') + "\n", "fixed-buffer")
           .lasting(Do::no_more, milliseconds(300))},
  };
}

constexpr const char* kBare =
    "A name with none, or NUL: 8402 and LF in one send, 150 ms of silence, then the bytes or NO, "
    "then the end of the connection.";

std::vector<Case> form_cases() {
  return {
      {"crlf", "a name that ends in CR LF", kReply, "cr-kept",
       refused("clinic-none\r\n", "cr-kept")},
      {"no-ending",
       "a name without any ending, as homework clients send it",
       kBare,
       "waits-for-line-feed",
       Script().open().send("clinic-none").then(Do::fetched_no).end().weigh(Weight::fragile),
       {"first", "end"}},
      {"nul-ending",
       "a name that ends in a NUL, as from strlen() + 1",
       kBare,
       "waits-for-line-feed",
       Script().open().send("clinic-none\0"s).then(Do::fetched_no).weigh(Weight::fragile),
       {"first", "no-ending"}},
  };
}

std::vector<Case> apart_cases() {
  return {
      {"padded",
       "a name in a buffer of 100 bytes with stale bytes behind its NUL",
       "It ignores the rest of the same read behind a NUL that ended a message.",
       "strlen-binary",
       Script()
           .open()
           .send("clinic-none\0stale"s + std::string(83, '\0'))
           .then(Do::fetched_no)
           .weigh(Weight::fragile),
       {"first", "no-ending", "nul-ending", "bytes"}},
      {"receives-apart",
       "one receive for the process ID, the next for the rest",
       kBare,
       "greeting-glued",
       Script().open().send("clinic-none").then(Do::first_apart).weigh(Weight::fragile),
       {"first", "no-ending"}},
      {"same-id",
       "two sessions at once: each has its own process ID",
       "The process ID of this handler.",
       "same-process",
       Script()
           .open(1)
           .open(2)
           .send("clinic-none-1\n", 1)
           .then(Do::fetched_no, 1)
           .send("clinic-none-2\n", 2)
           .then(Do::fetched_no, 2)
           .then(Do::same_process),
       {"first", "two-at-once", "silent-one"}},
  };
}

Case of_file(const char* id, const char* story, const char* mistake, Script script,
             std::vector<std::string> needs = {"first", "file"}) {
  return {id, story, kReply, mistake, std::move(script), std::move(needs), Case::Wants::file};
}

std::vector<Case> file_cases() {
  const auto refused_to = [](int who) {
    return Script().open(who).send("clinic-none\n", who).then(Do::fetched_no, who);
  };
  Script ten;
  for (int who = 1; who <= 10; ++who) ten.open(who).send("{file}\n", who);
  for (int who = 1; who <= 10; ++who) ten.then(Do::fetched, who);
  return {
      of_file("file", "a file that is there", "wrong-reply",
              Script().open().send("{file}\n").then(Do::fetched).blame("", "no-reply", "no-reply"),
              {"first"}),
      of_file("file-again", "the same file once more: the same bytes", "file-differs",
              Script().open().send("{file}\n").then(Do::fetched)),
      of_file("file-crlf", "its name ends in CR LF", "cr-kept",
              Script().open().send("{file}\r\n").then(Do::fetched)),
      of_file("file-bytes", "its name comes byte by byte", "one-recv",
              Script().open().slowly("{file}\n", 1).strict().then(Do::fetched),
              {"first", "file", "bytes"}),
      of_file("file-bare", "its name comes without any ending; ID and file come apart",
              "greeting-glued",
              Script().open().send("{file}").then(Do::fetched_apart).weigh(Weight::fragile),
              {"first", "file", "no-ending"}),
      of_file("file-half-close", "its name, then the end of the client's side", "half-close-lost",
              Script().open().send("{file}\n").half_close().then(Do::fetched)),
      of_file("file-slowly", "a client that reads late", "short-write",
              Script().open().flood("{file}\n", 1).pause(milliseconds(1500)).then(Do::fetched)),
      of_file("file-deaf", "one asks for it and never reads; another wants to be served",
              "blocked-by-deaf",
              Script()
                  .open()
                  .deaf("{file}\n", 1)
                  .then(Do::fills_up)
                  .add(refused_to(2))
                  .pause(milliseconds(300))
                  .add(refused_to(3)),
              {"first", "file", "two-at-once", "silent-one"}),
      of_file("file-ten", "ten fetch it at once", "one-at-a-time", ten,
              {"first", "file", "two-at-once", "silent-one", "ten-at-once"}),
  };
}

}  // namespace

std::vector<Case> fetch_cases() {
  std::vector<Case> all = beginning_cases(speech());
  append(all, framing_cases(speech()));
  append(all, name_cases());
  append(all, company_cases(speech()));
  append(all, form_cases());
  append(all, apart_cases());
  append(all, file_cases());
  append(all, ending_cases(speech()));
  append(all, last_cases([](int who) {
           return Script().send("clinic-none\n", who).then(Do::fetched_no, who);
         }));
  two_requests_need(all, "asks-twice");
  return all;
}

}  // namespace talk::clinic
