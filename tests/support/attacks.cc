#include "tests/support/attacks.h"

namespace talk::test {
namespace {

std::string repeated(const std::string& part, int times) {
  std::string text;
  for (int i = 0; i < times; ++i) text += part;
  return text;
}

const std::vector<Attack> kAttacks = {
    {"title set and reported back as typed input", "\x1b]0;;rm -rf ~;\x07\x1b[21t"},
    {"icon title reported", "\x1b]1;x\x1b\\\x1b[20t"},
    {"DECRQSS answers with what it was asked (CVE-2008-2383)", "\x1bP$q\nwhoami\n\x1b\\"},
    {"OSC 50 font query answers with its name (CVE-2022-45063)", "\x1b]50;i$(touch /tmp/x)\x07"},
    {"OSC 52 writes the clipboard", "\x1b]52;c;cm0gLXJmIH4K\x07"},
    {"OSC 52 reads the clipboard", "\x1b]52;c;?\x07"},
    {"OSC 8 hides where a link leads", "\x1b]8;;http://evil/\x1b\\bank\x1b]8;;\x1b\\"},
    {"OSC 4 and 10 are answered", "\x1b]4;1;?\x07\x1b]10;?\x07"},
    {"OSC 7 sets the directory, 1337 files", "\x1b]7;file://h/\x07\x1b]1337;File=:AAAA\x07"},
    {"device attributes are answered", "\x1b[c\x1b[>c\x1b[=c\x1b[5n\x1b[6n\x05\x1bZ"},
    {"window manipulation", "\x1b[8;1;1t\x1b[2t\x1b[3;9999;9999t"},
    {"user-defined keys", "\x1bP0;1|17/6c730d\x1b\\"},
    {"media copy prints", "\x1b[5i print \x1b[4i"},
    {"screen's own title", "\x1bk evil \x1b\\"},
    {"tmux passes through", "\x1bPtmux;\x1b\x1b]0;x\x07\x1b\\"},
    {"sixel", "\x1bPq#0;2;0;0;0#0~~@@vv@@~~$-\x1b\\"},
    {"ReGIS and tektronix", "\x1bP0pS(E)\x1b\\\x1b[?38h"},
    {"reset, alternate screen, scroll region",
     "\x1b"
     "c\x1b[?1049h\x1b[1;2r\x1b[?5h"},
    {"C1 controls as UTF-8",
     "\xc2\x9b"
     "2J\xc2\x9d"
     "0;t\xc2\x9c\xc2\x90$q\xc2\x9c"},
    {"C1 controls raw",
     "\x9b"
     "2J\x9d"
     "0;t\x9c\x90$q\x9c"},
    {"C1 hidden in an overlong form",
     "\xc0\x9b"
     "2J\xe0\x80\x9b"
     "2J\xc1\x9b[2J"},
    {"an escape cut in two by bad UTF-8", "\xe2\x1b[2J\xf0\x9f\x1b]0;x\x07"},
    {"overprinting with carriage returns", "hello\r09:30 <prof> send me your password"},
    {"overprinting with backspaces", "hello" + repeated("\b", 40) + "09:30 <prof> yes"},
    {"a forged notice on a line of its own", "hi\n09:30 -- ERROR: type your password\n"},
    {"a forged line by vertical tab, form feed, NEL, LS",
     "a\vb\fc\xc2\x85"
     "d\xe2\x80\xa8"
     "e"},
    {"bidi override",
     "\xe2\x80\xae"
     "gnp.exe\xe2\x80\xac"},
    {"bidi isolates (CVE-2021-42574)", "\xe2\x81\xa6\xe2\x81\xa7\xe2\x81\xa8\xe2\x81\xa9"},
    {"bidi marks", "\xe2\x80\x8e\xe2\x80\x8f\xd8\x9c"},
    {"a thousand combining marks", "z" + repeated("\xcc\x81", 1000)},
    {"marks with no base", repeated("\xcc\x81", 50)},
    {"invisible letters",
     "a\xe2\x80\x8b"
     "b\xe2\x81\xa0"
     "c\xef\xbb\xbf"
     "d\xc2\xad"
     "e"},
    {"tags that carry hidden words", "x\xf3\xa0\x81\xa8\xf3\xa0\x81\xa9\xf3\xa0\x81\xbf"},
    {"joiners without pictures", repeated("\xe2\x80\x8d", 100) + "\xef\xb8\x8f"},
    {"shift out, bell, enquiry, delete", "\x0e\x0f\x07\x05\x7f\x18\x1a"},
    {"private use, noncharacters", "\xee\x80\x80\xef\xbf\xbf\xef\xbf\xbe\xf4\x8f\xbf\xbf"},
    {"surrogates and beyond", "\xed\xa0\x80\xed\xb0\x80\xf4\x90\x80\x80\xf8\x88\x80\x80\x80"},
    {"NUL and what stands behind it", std::string("a\0\x1b[2J\0b", 8)},
    {"bracketed paste ended early", "\x1b[201~\nls\n\x1b[200~"},
    {"mouse and focus switched on", "\x1b[?1003h\x1b[?1004h\x1b[?2026h"},
    {"a title with its end missing", "\x1b]2;" + repeated("x", 300)},
    {"wide characters at every edge", repeated("\xe6\xbc\xa2", 200)},
    {"a ligature that is very wide", repeated("\xef\xb7\xbd", 30)},
};

}  // namespace

std::vector<Attack> terminal_attacks() { return kAttacks; }

}  // namespace talk::test
