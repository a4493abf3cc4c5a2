// What the part of a file is called until all of it has come: by what makes a later offer the same
// file, so that it is found again. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace talk {

struct FileIdentity {
  std::string peer;
  std::vector<std::string> parts;  // checked by check_name()
  std::uint64_t size = 0;          // bytes
  std::int64_t mtime = 0;          // Unix seconds
};

// The name within its directory; `count` from 1, for those who have parts of one file at once.
std::string partial_name(const FileIdentity& identity, unsigned count);

// What the names of all parts that `peer` sends begin with.
std::string partials_of(const std::string& peer);

}  // namespace talk
