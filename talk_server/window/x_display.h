// Where an X server answers: asked once before windows are promised.
#pragma once

#include <string>

#include "common/posix/owned_fd.h"

namespace talk {

// `display` as in DISPLAY: [HOST]:N[.SCREEN]. Throws std::runtime_error where nobody listens there.
void check_x_display(const std::string& display);

// The same, to speak with it. A launcher's own socket is not known here, and throws too.
struct XDisplay {
  OwnedFd socket;
  std::string number;  // N
};
XDisplay connect_to_x_display(const std::string& display);

}  // namespace talk
