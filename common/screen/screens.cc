#include "common/screen/screens.h"

#include <unistd.h>

#include <utility>

#include "common/files/own_files.h"
#include "common/posix/terminal_kind.h"
#include "common/posix/user.h"
#include "common/screen/pipe_screen.h"
#include "common/screen/plain_screen.h"
#include "common/screen/split/split_screen.h"
#include "common/screen/split/terminfo.h"

namespace talk {

bool at_terminal() { return ::isatty(STDIN_FILENO) == 1 && ::isatty(STDOUT_FILENO) == 1; }

WantedScreen wanted_screen(const std::string& name) {
  if (name == "split") return WantedScreen::split;
  if (name == "plain") return WantedScreen::plain;
  return name == "lines" ? WantedScreen::lines : WantedScreen::best;
}

ScreenChoice choose_screen(WantedScreen wanted, const std::shared_ptr<OwnFiles>& files,
                           const WindowKind& window) {
  if (!at_terminal()) {
    const bool vain = wanted == WantedScreen::split;
    return {std::make_unique<PipeScreen>(), false, false, vain ? "no terminal to split" : ""};
  }
  static const Terminfo terminal;  // outlives the screen
  const bool capable = terminal.shortcoming().empty();
  if (capable && (wanted == WantedScreen::best || wanted == WantedScreen::split))
    return {std::make_unique<SplitScreen>(
                terminal, window, home_directory(),
                [files](const std::string& directory) { return files->list(directory); }),
            true, true, ""};
  // A window of its own is to be told apart from the others; all else is left as it is.
  PlainScreen::Titles titles;
  if (capable && window.opened_for_visitor)
    titles = [](const std::string& title) { return terminal.title(title); };
  const bool lines = wanted == WantedScreen::lines || terminal_is_dumb();
  const auto way = lines ? PlainScreen::Way::writing : PlainScreen::Way::repainting;
  const bool chosen = wanted == WantedScreen::plain || wanted == WantedScreen::lines;
  return {std::make_unique<PlainScreen>(window, way, std::move(titles)), true, false,
          chosen ? "" : terminal.shortcoming() + ": the screen is plain"};
}

}  // namespace talk
