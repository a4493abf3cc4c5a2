// What a mistake is, and the rows of their table, by what they are about. Pure.
#pragma once

#include <span>
#include <string_view>

namespace talk::clinic {

struct KnownMistake {
  std::string_view id;      // "one-recv"
  std::string_view words;   // one sentence: what is wrong and what is right
  std::string_view c;       // a few lines of C; empty: the words say all
  std::string_view python;  // the same in Python
};

std::span<const KnownMistake> reading_mistakes();  // how bytes become requests
std::span<const KnownMistake> living_mistakes();   // several clients, broken ones, the end
std::span<const KnownMistake> answer_mistakes();   // what is answered or stored
std::span<const KnownMistake> client_mistakes();   // what only clients do

}  // namespace talk::clinic
