#include "common/screen/screens.h"

#include <unistd.h>

#include "common/files/own_files.h"
#include "common/posix/user.h"
#include "common/screen/pipe_screen.h"
#include "common/screen/plain_screen.h"
#include "common/screen/split/split_screen.h"
#include "common/screen/split/terminfo.h"

namespace talk {

bool at_terminal() { return ::isatty(STDIN_FILENO) == 1 && ::isatty(STDOUT_FILENO) == 1; }

ScreenChoice choose_screen(std::optional<bool> split, const std::shared_ptr<OwnFiles>& files,
                           const WindowKind& window) {
  if (!at_terminal()) {
    const bool vain = split.value_or(false);
    return {std::make_unique<PipeScreen>(), false, false, vain ? "no terminal to split" : ""};
  }
  static const Terminfo terminal;  // outlives the screen
  const bool capable = terminal.shortcoming().empty();
  if (!split.value_or(true)) {
    // A window of its own is to be told apart from the others; all else is left as it is.
    PlainScreen::Titles titles;
    if (capable && window.opened_for_visitor)
      titles = [](const std::string& title) { return terminal.title(title); };
    return {std::make_unique<PlainScreen>(window, titles), true, false, ""};
  }
  if (capable)
    return {std::make_unique<SplitScreen>(
                terminal, window, home_directory(),
                [files](const std::string& directory) { return files->list(directory); }),
            true, true, ""};
  return {std::make_unique<PlainScreen>(window), true, false,
          terminal.shortcoming() + ": the screen is plain"};
}

}  // namespace talk
