// The time that waiting is counted in. It is read once a turn and handed on, so that what decides
// by time can be tested without waiting.
#pragma once

#include <chrono>

namespace talk {

using Clock = std::chrono::steady_clock;
using Time = Clock::time_point;
using std::chrono::milliseconds;
using std::chrono::seconds;

}  // namespace talk
