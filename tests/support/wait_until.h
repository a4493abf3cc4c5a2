// Waiting for a condition, with a deadline that only a test that fails ever reaches.
#pragma once

#include <functional>

#include "common/posix/clock.h"

namespace talk::test {

inline constexpr seconds kPatience{20};  // machines are shared and noisy

// True as soon as `condition` is; false at the deadline.
bool wait_until(const std::function<bool()>& condition, milliseconds patience = kPatience);

}  // namespace talk::test
