// Finding a file that a visitor named, below one directory and never outside it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "common/posix/owned_fd.h"

namespace talk {

struct ServedFile {
  OwnedFd file;         // open for reading where `refusal` is empty
  std::string refusal;  // why not, in a few words without names
};

// Opens the regular file `name` below `dir`: parts separated by '/', none of them empty or hidden
// (so no "..", and nothing absolute), no symbolic link anywhere. Bytes, not text. Throws
// std::system_error where `dir` itself cannot be opened.
ServedFile open_served_file(const std::string& dir, std::string_view name);

}  // namespace talk
