// Brings a window of tmux to the front: its handler may not start a program, talk_desk may.
#pragma once

#include "common/desk/report.h"

namespace talk {

// Waits for tmux, which answers at once. Throws std::runtime_error where it cannot.
void select_tmux_window(const TmuxPane& window);

}  // namespace talk
