// The settings that a program is given in its environment, read in one way: what is not set has its
// default, and what is no sensible value is an error instead of a guess.
#pragma once

#include <cstdint>

#include "common/posix/clock.h"
#include "common/posix/environment.h"  // the plain ones

namespace talk {

// Decimal and not negative, or ExitError (code 1) naming the variable and its value.
std::uint64_t environment_number(const char* name, std::uint64_t otherwise);
seconds environment_seconds(const char* name, seconds otherwise);  // at most a hundred years
std::uint64_t environment_bytes(const char* name, std::uint64_t otherwise);  // a file's size

}  // namespace talk
