// Brings a window of an X display to the front and gives it the keyboard, as a pager does (EWMH),
// or where the window manager knows nothing of that, as any client may.
#pragma once

#include <cstdint>
#include <string>

#include "common/posix/clock.h"

namespace talk {

// `title` is what a word of the window's title begins with: a terminal may have told its program the number
// of another one's window, which is left alone. Waits until the window has the keyboard. Throws
// std::runtime_error where that cannot be, or not in time.
void activate_x_window(const std::string& display, std::uint32_t window, const std::string& title,
                       milliseconds patience);

}  // namespace talk
