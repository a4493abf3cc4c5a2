// What Tab makes of the line: a command's name, or a file's behind /send. Pure but for the listing
// of a directory, which is handed in.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace talk {

struct Completion {
  std::string text;                     // the line up to the cursor, completed
  std::vector<std::string> candidates;  // where several fit: their names
};

// The names in a directory, directories ending in '/'; empty where it cannot be read.
using ListDirectory = std::function<std::vector<std::string>(const std::string& directory)>;

// `before` is the line up to the cursor; `home` is what `~` stands for.
Completion complete(const std::string& before, const std::string& home,
                    const ListDirectory& list_directory);

}  // namespace talk
