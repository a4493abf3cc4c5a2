// Whether an X server answers, asked once before windows are promised.
#pragma once

#include <string>

namespace talk {

// `display` as in DISPLAY: [HOST]:N[.SCREEN]. Throws std::runtime_error where nobody listens there.
void check_x_display(const std::string& display);

}  // namespace talk
