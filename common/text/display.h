// Text from outside, made harmless at the place where it is shown or logged. Whatever bytes come
// in, what comes out is valid UTF-8 on one line that no terminal takes for a command.
#pragma once

#include <string>
#include <string_view>

namespace talk {

// Controls become visible (`^[`, `<U+202E>`), bytes that are no UTF-8 become U+FFFD, a tab becomes
// blanks up to the next eighth column of the text, and at most kMostMarks combining marks stay on
// a character. Right-to-left text stays in its order; only controls that reorder are shown.
std::string display_text(std::string_view untrusted);

inline constexpr int kMostMarks = 4;

// A person's name: as display_text(), at most kNameColumns wide and else cut with a `~`, without
// the angle brackets that set names off on every screen; blanks of all kinds count as one between
// words and as none at the ends; "someone" where nothing is left.
std::string shown_name(std::string_view untrusted);

// The name where only blanks set it off from words of the program's, as in a title: as shown, and
// between quotation marks where it could be read as such words, as `bob (left)`.
std::string name_among_words(std::string_view untrusted);

// The name of a peer that must not pass for this side's own person: as shown, and with its address
// behind an @ where it could be taken for `own` (likeness.h).
std::string distinct_name(std::string_view untrusted, std::string_view own,
                          std::string_view address);

inline constexpr int kNameColumns = 24;

// What somebody else chose (a file's name, a reason), to stand within a line of the program's own
// and never at its beginning: between quotation marks, with its own ones and backslashes escaped,
// so that it can neither end early nor pass for the program's words. It is made safe where it is
// shown.
std::string quoted(std::string_view untrusted);

// A value in a log line: quoted ASCII, everything else escaped (`\n`, `\x1b`, `\"`), so that no
// value can end early or forge another line.
std::string log_text(std::string_view untrusted);

}  // namespace talk
