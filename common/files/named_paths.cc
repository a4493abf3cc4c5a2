#include "common/files/named_paths.h"

#include <glob.h>
#include <sys/stat.h>

#include <cstddef>
#include <string_view>

#include "common/text/percent.h"

namespace talk {
namespace {

bool exists(const std::string& path) {
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0;
}

// RFC 8089; files of other machines stay what they are.
std::string without_scheme(const std::string& word) {
  for (const std::string_view scheme : {"file:///", "file://localhost/"})
    if (word.starts_with(scheme)) return percent_decode(word.substr(scheme.size() - 1));
  return word;
}

std::vector<std::string> matches(const std::string& pattern) {
  std::vector<std::string> paths;
  glob_t found{};
  if (::glob(pattern.c_str(), 0, nullptr, &found) == 0)
    paths.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
  ::globfree(&found);
  return paths;
}

// How many words from the first on make the name of a file; 0: none do.
std::size_t joined(const std::vector<std::string>& words, std::size_t first, std::string& path) {
  std::size_t count = 0;
  std::string tried = words[first];
  for (std::size_t next = first + 1; next < words.size(); ++next) {
    tried += " " + words[next];
    if (!exists(tried)) continue;
    count = next - first + 1;
    path = tried;
  }
  return count;
}

}  // namespace

std::vector<std::string> named_paths(const std::vector<std::string>& words,
                                     const std::string& text) {
  std::vector<std::string> paths;
  for (std::size_t i = 0; i < words.size();) {
    std::string path = without_scheme(words[i]);
    if (exists(path)) {
      paths.push_back(path);
      ++i;
      continue;
    }
    if (i == 0 && words.size() > 1 && exists(text)) return {text};  // with more than one blank
    if (const std::size_t count = joined(words, i, path)) {
      paths.push_back(path);
      i += count;
      continue;
    }
    const std::vector<std::string> found = matches(path);
    paths.insert(paths.end(), found.begin(), found.end());
    if (found.empty()) paths.push_back(path);
    ++i;
  }
  return paths;
}

}  // namespace talk
