#include "talk_server/window/terminal.h"

#include <cstdlib>

#include "common/posix/error.h"
#include "common/text/words.h"
#include "talk_server/spawn.h"
#include "talk_server/window/x_display.h"

namespace talk {
namespace {

constexpr const char* kChoices =
    "(choose with --terminal: xterm, tmux, none, or a command such as 'urxvt -e')";

// All of what xterm knows by these names but for raising a window and showing it again (5, 1): the
// board asks for that, and nobody may ask for more. Keeping a title and giving it back (22, 23) is
// no operation on a window.
constexpr const char* kForbiddenWindowOps =
    "XTerm*disallowedWindowOps: "
    "2,3,4,6,7,8,9,10,11,13,14,18,19,20,21,SetWinLines,SetXprop,GetSelection,SetSelection,"
    "GetChecksum,SetChecksum";

bool set(const char* variable) {
  const char* value = std::getenv(variable);
  return value != nullptr && *value != '\0';
}

Terminal windows_by(std::vector<std::string> command) {
  std::string program = find_program(command[0]);
  if (program.empty())
    throw std::runtime_error("open windows with '" + command[0] + "': no such program in PATH " +
                             kChoices);
  return {std::move(program), std::move(command)};
}

Terminal xterm() {
  if (!set("DISPLAY"))
    throw std::runtime_error(std::string("open windows with xterm: DISPLAY is not set ") +
                             kChoices);
  check_x_display(std::getenv("DISPLAY"));
  Terminal terminal =
      windows_by({"xterm", "-u8", "-tn", "xterm-256color", "-fa", "Monospace", "-fs", "10",
                  "-title", "talk", "-xrm", "XTerm*bellIsUrgent: true", "-xrm",
                  "XTerm*allowWindowOps: false", "-xrm", kForbiddenWindowOps, "-e"});
  terminal.known = true;
  return terminal;
}

Terminal tmux(const std::string& own_programs) {
  if (!set("TMUX"))
    throw std::runtime_error(std::string("open windows in tmux: this is not inside tmux ") +
                             kChoices);
  windows_by({"tmux"});  // it must be there
  Terminal terminal = windows_by({own_programs + "/talk_tmux"});
  terminal.board = {"tmux", "new-window", "-d", "-n", "desk", "--"};
  return terminal;
}

}  // namespace

std::vector<std::string> terminal_words(const std::string& option) {
  auto words = split_words(option);
  if (!words) throw UsageError("--terminal has a quote that is not closed: " + option);
  if (words->empty()) throw UsageError("--terminal names no program");
  return std::move(*words);
}

Terminal choose_terminal(const std::vector<std::string>& words, bool wants_window,
                         const std::string& own_programs) {
  const std::string kind = words.size() == 1 ? words[0] : "";
  if (kind == "none") return {};
  if (kind == "xterm") return xterm();
  if (kind == "tmux") return tmux(own_programs);
  if (kind != "auto") return windows_by(words);
  if (!wants_window) return {};
  if (set("DISPLAY")) return xterm();
  if (set("TMUX")) return tmux(own_programs);
  throw std::runtime_error(
      std::string("open a window for each visitor: neither an X display nor tmux here ") +
      kChoices);
}

}  // namespace talk
