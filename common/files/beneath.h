// Opening what lies below a directory, part by part, so that no symbolic link leads out of it.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "common/posix/owned_fd.h"

namespace talk {

// All throw std::system_error whose text names the place.

// The place that the person named: links are followed.
OwnedFd open_directory(const std::string& path);

enum class Missing { fail, create };

// The directory `parts` below `base`. Created ones are made durable, and counted in `made`.
OwnedFd open_directory_beneath(int base, std::span<const std::string> parts, Missing missing,
                               std::size_t* made = nullptr);

// A file that is read, and the directories before it. Neither a FIFO nor a device holds it up; what
// it is, is for the caller to check.
OwnedFd open_file_beneath(int base, std::span<const std::string> parts);

}  // namespace talk
