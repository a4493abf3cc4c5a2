#include "common/screen/screens.h"

#include <unistd.h>

#include "common/screen/pipe_screen.h"
#include "common/screen/plain_screen.h"

namespace talk {

bool at_terminal() { return ::isatty(STDIN_FILENO) == 1 && ::isatty(STDOUT_FILENO) == 1; }

ScreenChoice choose_screen(std::optional<bool> split) {
  if (!at_terminal()) {
    const bool vain = split.value_or(false);
    return {std::make_unique<PipeScreen>(), false, false, vain ? "no terminal to split" : ""};
  }
  return {std::make_unique<PlainScreen>(), true, false, ""};
}

}  // namespace talk
