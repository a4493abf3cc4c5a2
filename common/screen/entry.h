// How an entry of the talk is written as a line: the one wording for all screens, pipes and
// transcripts, and the place that keeps a peer's name and words from passing for the program's.
#pragma once

#include <string>
#include <vector>

#include "common/screen/screen.h"

namespace talk {

// What stands before an entry's words, safe to be shown: "<alice> ", "-- notice from <alice>: ",
// "-- ", "-!- " where something failed. It begins with a sign of ours, and no name can end it
// early, so that whoever shows it at the beginning of a row shows who speaks.
struct Mark {
  std::string before;
  std::string name = {};  // empty where the program itself speaks
  std::string behind = {};

  std::string text() const { return before + name + behind; }
};
Mark entry_mark(const Entry& entry);

// The entry's words, safe to be shown.
std::string entry_words(const Entry& entry);

// Mark and words.
std::string entry_line(const Entry& entry);

// With the time, as rows of at most `columns` that stay behind the mark: beginning with the second
// they are indented, so that the words of a peer never begin one (where there are two columns).
std::vector<std::string> entry_rows(const Entry& entry, int columns);

// As it is written to standard error, where an error begins "ERROR: " as any program's does.
std::string stderr_line(const Entry& entry);

// An offer that waits for an answer, with the name that it would really get:
// "\"notes-2.pdf\" (2.6 MiB): /accept 2 or /refuse 2" Safe. What is too wide is cut within the
// name, as far as that goes.
std::string offer_text(const OfferView& offer, int columns);

// That there is no link, since when, and when another is called for: "no link for 12 s, calling in
// 3 s".
std::string no_link_text(const Status& status);
inline constexpr const char* kHowToHurry = "Enter calls now, /bye gives up";

// Of a link that is there and says nothing: "heard 12 s ago".
std::string silence_text(seconds silent_for);
inline constexpr const char* kHowToLeave = "/bye leaves";

// "09:30 ", local time: stands before an entry that is shown to a person
std::string time_prefix(const Entry& entry);

}  // namespace talk
