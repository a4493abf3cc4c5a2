// The cases of clients to talk with: whatever is said to them, they stay, until the server ends.
#include "talk_client/clinic/kind_cases.h"
#include "talk_client/clinic/shared_cases.h"

namespace talk::clinic {
namespace {

using std::string_literals::operator""s;
using Do = Step::Do;
constexpr milliseconds kMoment{300};
constexpr const char* kWords = "Lines go both ways; what comes is made safe where it is shown.";
constexpr const char* kPieces = "Bytes and not lines come over a connection.";
constexpr const char* kEnds = "The server has ended: so does the client.";

Script left() { return gives_up(Script()); }

// Says it, and something else; the client bears both.
Script borne(const Script& words) {
  return Script()
      .open()
      .add(words)
      .lasting(Do::stays, kMoment)
      .send("and on it goes\n")
      .lasting(Do::stays, kMoment)
      .add(left());
}
Script said(const std::string& words) { return borne(Script().send(words)); }

std::vector<Case> pieces() {
  return {
      {"first",
       "the server says a line, and after a second it ends",
       kWords,
       "leaves-early",
       Script()
           .open()
           .send("hello from the clinic\n")
           .lasting(Do::stays, milliseconds(1000))
           .add(left()),
       {}},
      {"bytes", "a line comes byte by byte", kPieces, "one-recv",
       borne(Script().slowly("hello from the clinic\n", 1))},
      {"halves", "a line comes in two pieces", kPieces, "one-recv",
       borne(Script().send("hello fr").pause(milliseconds(500)).send("om the clinic\n"))},
      {"two-in-one", "two lines in one piece", kPieces, "lost-remainder", said("one\ntwo\n")},
      {"many-lines", "two thousand lines at once", kPieces, "fixed-buffer",
       borne(Script().flood("one of many lines\n", 2000))},
      {"long-line", "a line of 60,000 bytes", kPieces, "fixed-buffer",
       said(std::string(60000, 'l') + "\n")},
      {"no-line-feed",
       "300,000 bytes without a line feed",
       kPieces,
       "fixed-buffer",
       said(std::string(300'000, 'n')),
       {"first", "long-line"}},
  };
}

std::vector<Case> words() {
  return {
      {"crlf", "lines that end in CR LF", kWords, "cr-kept", said("one\r\ntwo\r\n")},
      {"nul-ending", "words that end in a NUL", kWords, "strlen-binary", said("hello\0"s)},
      {"no-ending", "words without any ending", kWords, "waits-for-line-feed", said("hello")},
      {"empty-lines", "lines with nothing on them", kWords, "empty-message", said("\n\n\r\n\n")},
      {"utf8", "letters of other alphabets", kWords, "text-only", said("Grüße, мир, 世界 👋\n")},
      {"utf8-pieces",
       "a letter comes in two pieces",
       kWords,
       "text-only",
       borne(Script().slowly("\xc3\xbc\xe4\xb8\x96\n", 1)),
       {"first", "utf8", "bytes"}},
      {"binary", "bytes that are no text", kWords, "text-only", said("\xff\xfe\x80\0 \x07\n"s)},
      {"escapes", "what a terminal would obey", kWords, "leaves-early",
       said("\x1b[2J\x1b]0;title\x07\x1b[31mred\x1b[5n\n")},
      {"formats", "what printf() would obey", kWords, "leaves-early", said("%s%s%n%s %x 100%\n")},
      {"telnet", "what telnet negotiates", kWords, "text-only",
       said("\xff\xfd\x18\xff\xfb\x01hello\r\n")},
      {"commands", "what the person could command", kWords, "sends-commands",
       said("/bye\nBye\nquit\nexit\n:exit\n:q\n")},
      {"almost-greeting", "a greeting of a protocol that nobody knows", kWords, "leaves-early",
       said("TALK/9 pid=1\r\n")},
      {"prompt", "a prompt without a line feed", kWords, "waits-for-line-feed", said("name? ")},
  };
}

std::vector<Case> silences() {
  return {
      {"silence", "three seconds of silence, then a line", kWords, "impatient",
       borne(Script().send("one\n").lasting(Do::stays, milliseconds(3000)).send("two\n"))},
      {"deaf",
       "the server reads nothing for a while",
       kWords,
       "short-write",
       borne(Script().pause(milliseconds(2000)).send("now I read\n")),
       {"first", "silence"}},
      {"ends-at-once", "the server ends without a word", kEnds, "stays",
       Script().open().add(left())},
      {"ends-in-line", "it ends in the middle of a line", kEnds, "stays",
       Script().open().send("hello fr").add(left())},
      {"once-more", "the same as at the beginning", kWords, "leaves-early",
       said("hello from the clinic\n")},
  };
}

}  // namespace

std::vector<Case> talk_client_cases() {
  std::vector<Case> all = pieces();
  append(all, words());
  append(all, silences());
  return all;
}

}  // namespace talk::clinic
