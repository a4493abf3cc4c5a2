// What the part of a file is called until all of it has come: by what makes a later offer the same
// file, so that it is found again. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace talk {

struct FileIdentity {
  std::string peer;
  std::vector<std::string> parts;  // checked by check_name()
  std::uint64_t size = 0;          // bytes
  std::int64_t mtime = 0;          // Unix seconds
};

// The name within its directory is a stem that all parts of one file share, and a number from 1 for
// those who have one at once.
std::string partial_stem(const FileIdentity& identity);
std::string partial_name(const std::string& stem, unsigned number);

struct PartialName {
  std::string stem;
  unsigned number = 1;
};
// Nothing where it is the name of something else.
std::optional<PartialName> parse_partial_name(std::string_view name);

// What the names of all parts that `peer` sends begin with.
std::string partials_of(const std::string& peer);

}  // namespace talk
