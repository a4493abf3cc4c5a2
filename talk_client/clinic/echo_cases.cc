// The cases of echo, and of clients of it.
#include "talk_client/clinic/kind_cases.h"
#include "talk_client/clinic/shared_cases.h"

namespace talk::clinic {
namespace {

using std::string_literals::operator""s;
constexpr const char* kEvery = "Every byte comes back at once, unchanged and with nothing added.";

KindSpeech speech() {
  return {"hello {N}",
          [](const std::string& request, const std::string& ending, int who) {
            return Script().bytes(request + ending, who);
          },
          kEvery, false, true};
}

Script echoed(const std::string& text) { return Script().open().send(text).bytes(text); }

std::string all_bytes() {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes.push_back(static_cast<char>(i));
  return bytes;
}

std::vector<Case> input_cases() {
  return {
      {"crlf", "a line ends in CR LF, as telnet sends it", kEvery, "echo-loses",
       echoed("line\r\n").blame("echo-loses", "cr-kept", "cr-kept")},
      {"no-ending", "a message without any ending, as homework clients send it", kEvery,
       "waits-for-line-feed", echoed("no line feed")},
      {"nul-ending",
       "a message ends in a NUL, as from sizeof or strlen() + 1",
       kEvery,
       "strlen-binary",
       echoed("with a NUL\0"s),
       {"first", "no-ending"}},
      {"nul-inside", "a NUL stands in the middle", kEvery, "strlen-binary",
       echoed("before\0behind\n"s)},
      {"binary",
       "all 256 values that a byte may have",
       kEvery,
       "text-only",
       echoed(all_bytes() + "\n"),
       {"first", "nul-inside"}},
      {"bad-utf8", "bytes that are no UTF-8", kEvery, "text-only",
       echoed("caf\xe9 \xff\xfe \xc0\xaf\n")},
      {"utf8", "letters of other alphabets", kEvery, "text-only", echoed("Grüße, мир, 世界\n")},
      {"utf8-pieces",
       "a letter of two bytes comes in two pieces",
       kEvery,
       "text-only",
       Script().open().slowly("\xc3\xbc\xc3\xa4\xc3\xb6\n", 1).bytes("\xc3\xbc\xc3\xa4\xc3\xb6\n"),
       {"first", "utf8", "bytes"}},
  };
}

std::vector<Case> line_cases() {
  return {
      {"empty-line", "a line with nothing on it, then one with something", kEvery, "empty-message",
       Script().open().send("\n").bytes("\n").send("x\n").bytes("x\n")},
      {"blanks", "blanks before and behind are bytes like all others", kEvery, "echo-loses",
       echoed("  two before, two behind  \n")},
      {"long-line", "a line of 5,000 bytes", kEvery, "fixed-buffer",
       echoed(std::string(5000, 'k') + "\n")},
      {"long-piece",
       "64 KiB in one go",
       kEvery,
       "fixed-buffer",
       echoed(std::string(65535, 'x') + "\n"),
       {"first", "long-line"}},
      {"formats", "what printf() would obey", kEvery, "echo-loses", echoed("%s%n%x 100%\n")},
      {"spoken-twice", "one message after the other on one connection", kEvery, "closes-early",
       Script().open().send("one\n").bytes("one\n").send("two\n").bytes("two\n")},
      {"held-open",
       "silence for two seconds, then another message",
       kEvery,
       "closes-early",
       Script()
           .open()
           .send("one\n")
           .bytes("one\n")
           .pause(milliseconds(2000))
           .send("two\n")
           .bytes("two\n"),
       {"first", "spoken-twice"}},
  };
}

constexpr const char* kExit =
    "A message that is exactly :exit, with any of the endings or the end of input, is not echoed "
    "and ends the session.";

std::vector<Case> exit_cases() {
  return {
      {"exit",
       "the message :exit",
       kExit,
       "no-exit",
       Script().open().send(":exit\n").end(),
       {"first", "end"}},
      {"exit-crlf",
       ":exit from telnet",
       kExit,
       "cr-kept",
       Script().open().send(":exit\r\n").end(),
       {"first", "exit"}},
      {"exit-bare",
       ":exit with no ending, as homework clients send it",
       kExit,
       "waits-for-line-feed",
       Script().open().send(":exit").end().weigh(Weight::fragile),
       {"first", "exit"}},
  };
}

std::vector<Case> exits_among_others() {
  return {
      {"exit-behind",
       "a message, :exit and another message come in one piece",
       kExit,
       "one-recv",
       Script().open().send("hello\n:exit\nafter\n").bytes("hello\n").end(),
       {"first", "exit", "asks-twice", "echo-endings"}},
      {"exit-pieces",
       ":exit comes in two pieces, the second at once behind the first",
       "What could still become :exit is held for 50 ms and then echoed.",
       "one-recv",
       Script().open().send(":ex").send("it\n").end().weigh(Weight::fragile),
       {"first", "exit", "exit-behind", "no-losses"}},
      {"not-exit", ":exits and a line that only contains :exit are words like others", kExit,
       "exit-prefix", echoed(":exits\n say :exit\n")},
      {"exit-only-me",
       "one says :exit, another goes on",
       "No visitor can disturb another.",
       "dies",
       Script()
           .open(1)
           .open(2)
           .send(":exit\n", 1)
           .end(1)
           .send("still here\n", 2)
           .bytes("still here\n", 2),
       {"first", "exit", "two-at-once", "silent-one"}},
  };
}

std::vector<Case> volume_cases() {
  constexpr std::size_t kMegabyte = 74;  // times
  const auto me = [](int who) { return Script().open(who).send("me\n", who).bytes("me\n", who); };
  std::string numbers;
  for (int i = 0; i < 2048; ++i)
    numbers += std::to_string(100000 + i) + (i % 64 == 63 ? "\n" : " ");
  return {
      {"megabyte",
       "a megabyte, read as it comes back",
       kEvery,
       "short-write",
       Script().open().send(numbers, 1).times(kMegabyte).bytes(numbers, 1, kMegabyte).close(),
       {"first", "long-line", "asks-twice", "echo-endings"}},
      {"stops-reading",
       "a client that does not read for a while; then it reads all",
       "A client that does not read stops being read: nothing is lost, nothing grows.",
       "short-write",
       Script()
           .open()
           .flood(numbers, 400)
           .blame("echo-loses", "short-write", "short-write")
           .bytes(numbers, 1, 400)
           .blame("short-write", "short-write", "short-write"),
       {"first", "long-line", "asks-twice"}},
      {"deaf-one",
       "one sends and never reads; another wants to be served",
       "No visitor can disturb another.",
       "blocked-by-deaf",
       Script()
           .open()
           .deaf(numbers, 400)
           .then(Step::Do::fills_up)
           .add(me(2))
           .pause(milliseconds(300))
           .add(me(3))
           .reset(1)
           .pause(milliseconds(300))
           .add(me(4))
           .blame("sigpipe"),
       {"first", "two-at-once", "silent-one"},
       Case::Wants::nothing,
       "sigpipe"},
  };
}

}  // namespace

std::vector<Case> echo_cases() {
  std::vector<Case> all = beginning_cases(speech());
  append(all, framing_cases(speech()));
  append(all, input_cases());
  append(all, line_cases());
  append(all, company_cases(speech()));
  append(all, exit_cases());
  append(all, exits_among_others());
  append(all, volume_cases());
  append(all, ending_cases(speech()));
  append(all,
         last_cases([](int who) { return Script().send("quick\n", who).bytes("quick\n", who); }));
  for (Case& one : all)
    for (const char* const exact : {"bytes", "empty-line", "blanks", "stops-reading"})
      if (one.id == exact) one.needs.push_back("echo-endings");
  two_requests_need(all, "asks-twice");
  return all;
}

}  // namespace talk::clinic
