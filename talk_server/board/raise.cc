#include "talk_server/board/raise.h"

#include <stdexcept>

#include "common/posix/environment.h"
#include "talk_server/board/tmux_window.h"
#include "talk_server/window/x_activate.h"

namespace talk {

std::string give_keyboard(const OrderResult& raised, milliseconds patience) {
  const std::string number = std::to_string(raised.number);
  const std::string session = "session " + number + ": ";
  const std::string display = environment("DISPLAY");
  try {
    if (raised.in_tmux)
      select_tmux_window(*raised.in_tmux);
    else if (!raised.window)
      return session + "its terminal was asked to show it, and does not say whether it did";
    else if (display.empty())
      return session + "its window was raised, but has no keyboard: DISPLAY is not set here";
    else
      activate_x_window(display, *raised.window, number + " ", patience);
  } catch (const std::runtime_error& error) {
    return session + error.what();
  }
  return "";
}

}  // namespace talk
