// How many columns characters take (UAX #11), which code points make one character together (the
// part of UAX #29 that people type), and how a line is cut into rows by that. The C library's
// tables, for a locale in UTF-8, say it.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace talk {

// Opens the system's table of widths, which is otherwise done at the first character that needs it:
// for a process that gives up opening files.
void load_widths();

// -1: not printable; 0: combines with what stands before.
int code_point_width(char32_t code);

// The first character of `text` (valid UTF-8, not empty) as a person sees it: a base with its
// marks, a flag, a family of emoji. `size` is in bytes; `width` in columns is the sum of its parts,
// which is what most terminals make of it (some draw joined emoji narrower). No character is wider
// than `most` columns unless its base is: of a longer chain of joined ones, what goes beyond is a
// character of its own, so that nobody can make one that no window has room for.
struct Cluster {
  std::size_t size = 0;
  int width = 0;
};
inline constexpr int kWidestCluster = 8;  // a family of four
Cluster first_cluster(std::string_view text, int most = kWidestCluster);

// Where the character that ends at `end` begins.
std::size_t cluster_before(std::string_view text, std::size_t end);

int text_width(std::string_view text);

// Without a joiner at the end, which would join what it was cut from to whatever is written next.
std::string_view without_joiner(std::string_view text);

// As much of the beginning of `text` as fits into `columns`: whole characters only, or where not
// even the first one does, the part of it that fits.
std::string_view fit_width(std::string_view text, int columns);

// Breaks a line of safe text into rows of at most `columns` (1 or more): between words where that
// is possible, else between characters, else in the middle of joined ones. Only what is wide in
// itself stands in a row of its own where there is one column. Views into `text`; the blank or
// joiner at a break is in no row. An empty text is one empty row.
std::vector<std::string_view> wrap(std::string_view text, int columns);

}  // namespace talk
