// The pane of tmux that this program runs in.
#pragma once

#include <optional>

#include "common/desk/report.h"

namespace talk {

// Nothing where its terminal is none of tmux, whatever it has inherited.
std::optional<TmuxPane> own_tmux_pane();

}  // namespace talk
