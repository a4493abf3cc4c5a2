// The files below a directory, one at a time, in the order of their names; no link is followed.
#pragma once

#include <sys/stat.h>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "common/posix/owned_fd.h"

namespace talk {

class OwnFiles;

class TreeWalk {
 public:
  struct Entry {
    std::string name;       // with the walk's prefix, '/' between parts
    struct stat status {};  // of a regular file
    std::string problem;    // not empty: no file, but why this one is left out
  };

  // `prefix` goes before every name, without a '/' of its own. Throws nothing: a directory that
  // cannot be read is a problem. Through `files`, which outlive it, what is below is opened; where
  // there are none, directly.
  TreeWalk(OwnedFd root, const std::string& prefix, bool with_hidden, OwnFiles* files = nullptr);

  std::optional<Entry> next();

  // Opens the file that next() returned last. Throws std::system_error.
  OwnedFd open_last() const;

 private:
  struct Level {
    OwnedFd directory;
    std::string prefix;
    std::vector<std::string> names;
    std::size_t position = 0;
  };

  std::optional<Entry> enter(OwnedFd directory, const std::string& prefix);

  OwnedFd open_in(int directory, const std::string& leaf, int flags) const;

  bool with_hidden_;
  OwnFiles* files_;
  std::vector<Level> levels_;
  std::optional<Entry> first_problem_;
};

}  // namespace talk
