// The name by which tmux lists a window follows the title that a talk gives it, so that visitors,
// unread words and ended talks can be told apart there too.
#pragma once

namespace talk {

// Of the window that this process runs in; does nothing outside tmux.
void let_tmux_name_follow_title();

}  // namespace talk
