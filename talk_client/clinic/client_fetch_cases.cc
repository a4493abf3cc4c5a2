// The cases of clients that fetch a file. Whether they keep it whole shows where --dir tells where.
#include "talk_client/clinic/kind_cases.h"
#include "talk_client/clinic/shared_cases.h"

namespace talk::clinic {
namespace {

using std::string_literals::operator""s;
using Do = Step::Do;
constexpr milliseconds kBetween{150};  // the process ID and the file

constexpr const char* kFetch =
    "A name in; the process ID and the file come back: behind a bare name up to the end of the "
    "connection, behind a line as many bytes as its reply, 8402 OK 1234, tells.";
constexpr const char* kNo = "A whole reply of NO is not found.";
constexpr const char* kSized = "A line is answered with 8402 OK 1234, or 8402 NO and a reason.";
constexpr const char* kBroken = "A short file is never called complete.";
const std::string kText = "the file of the clinic\n";

// A name comes, `reply` and the end of our side go back, and the client ends in order.
Script answered(const Script& reply) {
  return Script().open().then(Do::take).add(reply).half_close().then(Do::read_all);
}
Script id_then(const Script& file, const std::string& id) {
  return Script().send(id).pause(kBetween).add(file);
}
// The beginning of the reply in the form that was asked for.
std::string head_of(const std::string& content) {
  return "{head " + std::to_string(content.size()) + "}";
}
Script head_then(const Script& file) { return id_then(file, head_of(kText)); }
// The client has it then.
Script kept(const Script& reply, const std::string& content) {
  return answered(reply).then(Do::fetched_file, content);
}
Script file(const std::string& content) {
  return kept(id_then(Script().send(content), head_of(content)), content);
}

std::vector<Case> beginnings() {
  return {
      {"first", "a small file", kFetch, "stays", file(kText), {}},
      {"id-alone", "the file comes a second after the process ID", kFetch, "one-recv",
       kept(Script().send(head_of(kText)).pause(milliseconds(1000)).send(kText), kText)},
      {"id-crlf",
       "the process ID ends in CR LF",
       kFetch,
       "cr-kept",
       kept(id_then(Script().send(kText), "8402\r\n"), kText),
       {"first", "bare-form"}},
      {"id-long",
       "a process ID of ten digits",
       kFetch,
       "fixed-buffer",
       kept(id_then(Script().send(kText), "1073741823\n"), kText),
       {"first", "bare-form"}},
      {"glued", "the process ID and the file come in one piece", kFetch, "lost-remainder",
       kept(Script().send(head_of(kText) + kText), kText)},
      {"file-bytes", "the file comes byte by byte", kFetch, "one-recv",
       kept(head_then(Script().slowly(kText, 1)), kText)},
      {"file-halves",
       "the file stops in the middle for 2 s",
       kFetch,
       "one-recv",
       kept(head_then(Script().send("the fi").pause(milliseconds(2000)).send(kText.substr(6))),
            kText),
       {"first", "file-bytes"}},
      {"late-reply", "the reply comes after 3 s", kFetch, "impatient",
       kept(Script().pause(milliseconds(3000)).add(head_then(Script().send(kText))), kText)},
  };
}

std::vector<Case> contents() {
  std::string all;
  for (int i = 0; i < 256; ++i) all.push_back(static_cast<char>(i));
  return {
      {"one-byte", "a file of one byte", kFetch, "wait-all", file("1")},
      {"digits", "a file of digits", kFetch, "lost-remainder", file("12345\n67890\n")},
      {"no-line-feed", "a file whose last line has no end", kFetch, "waits-for-line-feed",
       file("the last line")},
      {"crlf", "a file whose lines end in CR LF", kFetch, "text-only", file("one\r\ntwo\r\n\r\n")},
      {"nul", "a file with a NUL inside", kFetch, "strlen-binary", file("before\0behind\n"s)},
      {"nuls-behind",
       "a file with NULs at its end",
       kFetch,
       "strlen-binary",
       file("it ends in\0\0\0"s),
       {"first", "nul"}},
      {"binary",
       "a file with all 256 values of a byte",
       kFetch,
       "text-only",
       file(all),
       {"first", "nul"}},
      {"begins-with-no", "a file whose first word begins with NO", kNo, "half-kept",
       file("NOTES of the clinic\n")},
      {"large",
       "a file of 4 MB",
       kFetch,
       "fixed-buffer",
       file(std::string(4'000'000, 'm')),
       {"first", "file-bytes"}},
  };
}

std::vector<Case> refusals() {
  const auto without = [](const Script& reply, const std::string& content) {
    return answered(reply).then(Do::no_file, content);
  };
  const auto refused = [](std::size_t piece) {
    return answered(Script().slowly("8402 NO there is no such file{end}", piece))
        .then(Do::no_bytes);
  };
  return {
      {"no",
       "there is no such file",
       kNo,
       "no-as-file",
       without(id_then(Script().send("NO"), "8402\n"), "NO"),
       {"first", "bare-form"}},
      {"no-bytes",
       "NO comes byte by byte",
       kNo,
       "no-as-file",
       without(id_then(Script().slowly("NO", 1), "8402\n"), "NO"),
       {"first", "no", "file-bytes", "bare-form"}},
      {"no-line",
       "there is no such file: a line says why",
       kSized,
       "no-as-file",
       refused(0),
       {"first", "sized-form"}},
      {"no-line-bytes",
       "that line comes byte by byte",
       kSized,
       "no-as-file",
       refused(1),
       {"first", "no-line", "line-bytes", "sized-form"}},
  };
}

// Of what only a reply with a size has.
std::vector<Case> sizes() {
  return {
      {"line-bytes",
       "the reply line comes byte by byte",
       kSized,
       "one-recv",
       kept(Script().slowly(head_of(kText), 1).send(kText), kText),
       {"first", "sized-form"}},
      {"size-open",
       "the server stays for another request when the file has come",
       "Several requests may follow each other on a connection.",
       "size-ignored",
       Script()
           .open()
           .then(Do::take)
           .add(head_then(Script().send(kText)))
           .gone(milliseconds(0), milliseconds(5000))
           .then(Do::fetched_file, kText),
       {"first", "sized-form"}},
  };
}

std::vector<Case> ends() {
  return {
      {"empty-file", "a file of no bytes", kFetch, "stays", answered(Script().send("{head 0}"))},
      {"nothing", "the server ends without a reply", kBroken, "stays", answered(Script())},
      {"half-id",
       "it ends in the middle of the process ID",
       kBroken,
       "stays",
       answered(Script().send("84")),
       {"first", "nothing"}},
      {"cut",
       "the connection is reset in the middle of the file",
       kBroken,
       "half-kept",
       Script()
           .open()
           .then(Do::take)
           .add(head_then(Script().send(kText.substr(0, 9))))
           .pause(milliseconds(300))
           .reset()
           .then(Do::no_file, kText.substr(0, 9)),
       {"first", "file-bytes"}},
      {"size-short",
       "the server ends before as many bytes have come as it told",
       "A short file is never called complete when a size was given.",
       "size-ignored",
       answered(head_then(Script().send(kText.substr(0, 9)))).then(Do::no_file, kText.substr(0, 9)),
       {"first", "cut", "size-open", "sized-form"}},
      {"once-more", "the same as at the beginning", kFetch, "stays", file(kText)},
      {"silence",
       "the server never replies",
       "It does not wait for ever.",
       "waits-forever",
       Script()
           .open()
           .then(Do::take)
           .gone(milliseconds(0), milliseconds(90'000))
           .weigh(Weight::differs),
       {"first"},
       Case::Wants::load},
  };
}

}  // namespace

std::vector<Case> fetch_client_cases() {
  std::vector<Case> all = beginnings();
  append(all, contents());
  append(all, sizes());
  append(all, refusals());
  append(all, ends());
  return all;
}

}  // namespace talk::clinic
