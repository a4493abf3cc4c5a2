// The mistakes that programs for these exercises usually have, in words that a student can use, and
// what to do instead. Pure.
#pragma once

#include <string_view>
#include <vector>

namespace talk::clinic {

struct Mistake {
  std::string_view id;      // "one-recv"
  std::string_view words;   // one sentence: what is wrong and what is right
  std::string_view c;       // a few lines of C; empty: the words say all
  std::string_view python;  // the same in Python
};

const std::vector<Mistake>& mistakes();

// Nothing where there is none of that name.
const Mistake* find_mistake(std::string_view id);

}  // namespace talk::clinic
