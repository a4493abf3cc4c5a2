// Splits a line into words as a shell does, without expanding anything but `~`.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace talk {

// Blanks separate; quotes and backslashes protect. `~` alone and `~/…` at the beginning of a word
// stand for `home`, where that is not empty. Nothing where a quote is not closed.
std::optional<std::vector<std::string>> split_words(const std::string& text,
                                                    const std::string& home = "");

}  // namespace talk
