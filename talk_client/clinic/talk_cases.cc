// The cases of a server to talk with in plain lines. What a person at the desk answers is no
// matter: it is looked at whether the connection bears it, and whether others are served.
#include "talk_client/clinic/kind_cases.h"
#include "talk_client/clinic/shared_cases.h"

namespace talk::clinic {
namespace {

using std::string_literals::operator""s;
using Do = Step::Do;
constexpr milliseconds kMoment{300};
constexpr const char* kLines =
    "If what arrives first is not TALK/1, the visitor's input is plain lines for the whole "
    "session.";

constexpr const char* kAll =
    "Each visitor gets a window of their own; no visitor can disturb another.";

// Says it, and the connection stays.
Script borne(const std::string& text) { return Script().open().send(text).anything(kMoment); }
// Likewise; and who says each line back does so with these.
Script said_back(Script said, const std::string& lines) {
  return said.then(Do::said_back, lines).weigh(Weight::fragile).anything(kMoment);
}
Script visit(int who) { return Script().open(who).send("hello\n", who).anything(kMoment, who); }

std::vector<Case> beginnings() {
  std::vector<Case> cases = {
      {"first",
       "one visitor comes and says hello",
       kLines,
       "closes-early",
       Script().open().then(Do::hello).lasting(Do::heard, kMoment),
       {}},
      {"again", "a second visitor comes when the first has gone", kLines, "no-accept-loop",
       visit(1)
           .close(1)
           .open(2)
           .then(Do::greeted, 2)
           .add(Script().send("hello\n", 2).anything(kMoment, 2))},
  };
  cases.back().kills = "no-accept-loop";
  return cases;
}

std::vector<Case> inputs() {
  constexpr const char* kEnding = "A message ends at a line feed, a NUL, or a pause of 50 ms.";
  return {
      {"crlf", "a line that ends in CR LF", kEnding, "cr-kept", borne("hello\r\n")},
      {"nul-ending", "a line that ends in a NUL", kEnding, "strlen-binary", borne("hello\0"s)},
      {"no-ending", "words without any ending", kEnding, "waits-for-line-feed", borne("hello")},
      {"bytes", "every byte of a line comes alone", kLines, "one-recv",
       said_back(Script().open().slowly("hello\n", 1), "hello\n")},
      {"pieces",
       "a line in three pieces",
       kLines,
       "one-recv",
       said_back(Script().open().slowly("one long line of words\n", 8), "one long line of words\n"),
       {"first", "bytes"}},
      {"two-in-one",
       "two lines in one piece",
       kLines,
       "lost-remainder",
       said_back(Script().open().send("one\ntwo\n"), "one\ntwo\n"),
       {"first", "bytes"}},
      {"empty-line", "three empty lines", kLines, "empty-message", borne("\n\n\n")},
      {"utf8", "letters of other alphabets", kLines, "text-only", borne("Grüße, мир, 世界 👋\n")},
  };
}

std::vector<Case> strange_inputs() {
  return {
      {"bad-utf8", "bytes that are no UTF-8", kLines, "text-only", borne("caf\xe9 \xff\xfe\n")},
      {"binary", "all kinds of bytes", "Bytes from outside are shown safely.", "text-only",
       borne("\x01\x02\x7f\x80\x9f\0\xff\r\n"s)},
      {"escapes", "what a terminal would obey", "Bytes from outside are shown safely.", "dies",
       borne("\x1b[2J\x1b]0;title\x07\x1b[31mred\n")},
      {"formats", "what printf() would obey", kLines, "dies", borne("%s%s%n %x 100%\n")},
      {"telnet", "what telnet negotiates", "Telnet negotiation is swallowed.", "text-only",
       borne("\xff\xfd\x03\xff\xfb\x18\xff\xfahi\xff\xf0hello\r\n")},
      {"commands", "what the person at the desk could command",
       "An unknown command is never sent; what a visitor says is words.", "sends-commands",
       Script()
           .open()
           .send("/bye\n/clear\n/send /etc/passwd\n")
           .anything(kMoment)
           .weigh(Weight::differs)},
      {"http", "a browser has lost its way", kLines, "closes-early",
       Script()
           .open()
           .send("GET / HTTP/1.1\r\nHost: desk\r\n\r\n")
           .anything(kMoment)
           .weigh(Weight::differs)},
      {"almost-greeting", "a line that begins like TALK/1's greeting and is none", kLines,
       "closes-early", borne("TALK/one is not a greeting\n")},
      {"long-line", "a line of 60,000 bytes", kLines, "fixed-buffer",
       borne(std::string(60000, 'l') + "\n")},
      {"many-lines", "five hundred lines at once", kLines, "fixed-buffer",
       Script()
           .open()
           .send("one of many lines\n")
           .flood("one of many lines\n", 500)
           .anything(kMoment)},
      {"held-open", "three seconds of silence, then a line", "Either side types whenever it likes.",
       "early-timeout",
       visit(1).anything(milliseconds(3000)).send("still here\n").anything(kMoment)},
  };
}

std::vector<Case> company() {
  Script ten;
  for (int who = 1; who <= 10; ++who) ten.open(who).then(Do::greeted, who);
  for (int who = 1; who <= 10; ++who) ten.send("hello\n", who);
  for (int who = 1; who <= 10; ++who) ten.anything(milliseconds(50), who);
  const auto greeted = [](Script before) { return before.open(2).then(Do::greeted, 2); };
  return {
      {"two-at-once",
       "a second visitor comes while the first, who has spoken, is still there",
       kAll,
       "one-at-a-time",
       greeted(visit(1)),
       {"first", "again"}},
      {"silent-one",
       "one says nothing; another comes",
       kAll,
       "blocked-by-silent",
       greeted(Script().open()),
       {"first", "again", "two-at-once"}},
      {"half-one",
       "one stands still in the middle of a line; another comes",
       kAll,
       "blocked-by-silent",
       greeted(Script().open().send("hal").pause(milliseconds(100))),
       {"first", "again", "two-at-once", "silent-one"}},
      {"ten-at-once",
       "ten are there at once",
       kAll,
       "one-at-a-time",
       ten,
       {"first", "again", "two-at-once", "silent-one"}},
  };
}

// Behind the resets, for it ends with one.
std::vector<Case> deafness() {
  const auto greeted = [](Script before) { return before.open(2).then(Do::greeted, 2); };
  return {
      {"deaf-one",
       "one says much and reads nothing; another comes",
       kAll,
       "blocked-by-deaf",
       greeted(Script().open().deaf("so many words\n", 20000))
           .reset(1)
           .pause(kMoment)
           .open(3)
           .then(Do::greeted, 3),
       {"first", "again", "two-at-once", "silent-one", "reset-half"},
       Case::Wants::nothing,
       "sigpipe"},
  };
}

std::vector<Case> endings() {
  constexpr const char* kVanish = "It survives what clients do on their bad days.";
  const auto lives = [](Script before) { return before.pause(milliseconds(100)).add(visit(2)); };
  std::vector<Case> cases = {
      {"half-close", "a line, then the end of the visitor's side: as nc -N sends it",
       "A line peer's end of stream: the session ends after 10 s without a typed line.", "no-close",
       Script()
           .open()
           .send("hello\n")
           .half_close()
           .gone(milliseconds(0), milliseconds(15000))
           .weigh(Weight::fragile)},
      {"nothing", "a visitor comes and goes without a word", kVanish, "dies",
       lives(Script().open().half_close().close())},
      {"reset-idle", "a connection is reset before anything was said", kVanish, "reset-kills",
       lives(Script().open().pause(milliseconds(100)).reset())},
      {"reset-half",
       "a connection is reset in the middle of a line",
       kVanish,
       "reset-kills",
       lives(Script().open().send("hal").pause(milliseconds(100)).reset()),
       {"first", "reset-idle"}},
      {"reset-answering",
       "much is said and the connection is reset",
       kVanish,
       "sigpipe",
       lives(Script().open().flood("words\n", 5000).half_close().reset()),
       {"first", "reset-half"}},
  };
  for (Case& one : cases)
    if (one.id.starts_with("reset")) one.kills = one.mistake;
  return cases;
}

}  // namespace

std::vector<Case> talk_cases() {
  std::vector<Case> all = beginnings();
  append(all, inputs());
  append(all, strange_inputs());
  append(all, company());
  append(all, endings());
  append(all, deafness());
  append(all, last_cases([](int who) {
           return Script().send("hello\n", who).anything(milliseconds(10), who);
         }));
  return all;
}

}  // namespace talk::clinic
