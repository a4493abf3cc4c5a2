// How many columns characters take (UAX #11), and which code points make one character together
// (the part of UAX #29 that people type). The C library's tables, for a locale in UTF-8, say it.
#pragma once

#include <cstddef>
#include <string_view>

namespace talk {

// -1: not printable; 0: combines with what stands before.
int code_point_width(char32_t code);

// The first character of `text` (valid UTF-8, not empty) as a person sees it: a base with its
// marks, a flag, a family of emoji. `size` is in bytes; `width` in columns is the sum of its parts,
// which is what most terminals make of it (some draw joined emoji narrower).
struct Cluster {
  std::size_t size = 0;
  int width = 0;
};
Cluster first_cluster(std::string_view text);

// Where the character that ends at `end` begins.
std::size_t cluster_before(std::string_view text, std::size_t end);

int text_width(std::string_view text);

// As much of the beginning of `text` as fits into `columns`, whole characters only.
std::string_view fit_width(std::string_view text, int columns);

}  // namespace talk
