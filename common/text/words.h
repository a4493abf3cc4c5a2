// Splits a line into words as a shell does, without expanding anything but `~`. The one place that
// reads quotes and backslashes.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace talk {

// Blanks separate; quotes and backslashes protect. `~` alone and `~/…` at the beginning of a word
// stand for `home`, where that is not empty. Nothing where a quote is not closed.
std::optional<std::vector<std::string>> split_words(const std::string& text,
                                                    const std::string& home = "");

// The word that `text` ends with, as far as it has been typed; an empty one behind a blank.
struct OpenWord {
  std::size_t start = 0;  // where it begins in `text`, with its quote if it has one
  char quote = '\0';      // that is still open
  std::string word;       // without quotes and backslashes; `~` stands as it is
};
OpenWord last_word(const std::string& text);

// `word` so that it is read back as it is: behind the open quote `quote`, or without one.
std::string escape_word(const std::string& word, char quote);

std::string joined(std::span<const std::string> words, std::string_view between = " ");

}  // namespace talk
