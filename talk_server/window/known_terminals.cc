#include "talk_server/window/known_terminals.h"

namespace talk {
namespace {

// All of what xterm knows by these names but for raising a window and showing it again (5, 1): the
// board asks for that, and nobody may ask for more. Keeping a title and giving it back (22, 23) is
// no operation on a window, and for the screen's size (15) there is no name.
constexpr const char* kForbiddenWindowOps =
    "talk.vt100.disallowedWindowOps: 2,3,4,6,7,8,9,10,11,13,14,18,19,20,21,"
    "GetChecksum,GetSelection,SetChecksum,SetSelection,SetWinLines,SetXprop";

}  // namespace

const std::vector<KnownTerminal>& known_terminals() {
  using enum Way;
  using enum Needs;
  static const std::vector<KnownTerminal> kTable = {
      {"xterm",
       inherits,
       x,
       {"-name", "talk", "-title", "talk", "-u8", "-tn", "xterm-256color", "-fa", "Monospace",
        "-fs", "10", "-xrm", "XTerm*bellIsUrgent: true", "-xrm", "talk.vt100.allowWindowOps: false",
        "-xrm", kForbiddenWindowOps, "-e"}},
      {"urxvt", inherits, x, {"-name", "talk", "-title", "talk", "-e"}},
      {"st", inherits, x, {"-n", "talk", "-T", "talk", "-e"}},
      {"alacritty", takes_over, x_or_wayland, {"--class", "talk", "-e", "{}"}},
      {"kitty",
       takes_over,
       x_or_wayland,
       {"--name", "talk", "-o", "confirm_os_window_close=0", "{}"}},
      {"gnome-terminal", takes_over, x_or_wayland, {"--window", "--title", "talk", "--", "{}"}},
      {"xfce4-terminal", takes_over, x_or_wayland, {"--disable-server", "-x", "{}"}},
      {"mate-terminal", takes_over, x_or_wayland, {"--disable-factory", "-x", "{}"}},
      {"konsole",
       takes_over,
       x_or_wayland,
       {"-p", "LocalTabTitleFormat=%w", "-p", "RemoteTabTitleFormat=%w", "-e", "{}"}},
      {"lxterminal", takes_over, x_or_wayland, {"-e", "{}"}},
      {"sakura", takes_over, x_or_wayland, {"-e", "{}"}},
      {"terminator", takes_over, x_or_wayland, {"-x", "{}"}},
      {"tilix", takes_over, x_or_wayland, {"-e", "{}"}},
      {"qterminal", takes_over, x_or_wayland, {"-e", "{}"}},
      {"mlterm", takes_over, x, {"-e", "{}"}},
      {"foot", takes_over, wayland, {"--app-id=talk", "{}"}},
      {"tmux", takes_over, tmux, {"new-window", "-d", "-n", "{name}", "--", "{}"}},
  };
  return kTable;
}

}  // namespace talk
