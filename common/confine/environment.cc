#include "common/confine/environment.h"

#include <algorithm>
#include <array>
#include <cstring>

extern char** environ;

namespace talk {
namespace {

using Names = std::string_view;  // short, for the list

constexpr std::array kKept = {
    // who called, and the settings of the session (UCSPI; a name that ends so is a beginning)
    Names("TALK_*"), Names("PROTO"), Names("TCPLOCAL*"), Names("TCPREMOTE*"),
    // who sits at the desk
    Names("HOME"), Names("USER"), Names("LOGNAME"),
    // what they read, and in which words and zone
    Names("LANG"), Names("LC_*"), Names("TZ"), Names("TZDIR"),
    // the terminal, as far as a screen asks (terminfo.cc); a session in tmux is raised by these
    // names. What a terminal says beside them reaches only handlers of others (in_window.cc).
    Names("TERM"), Names("TERMINFO"), Names("TERMINFO_DIRS"), Names("COLORTERM"),
    Names("XTERM_VERSION"), Names("COLUMNS"), Names("LINES"), Names("ESCDELAY"), Names("NCURSES_*"),
    Names("NO_COLOR"), Names("WINDOWID"), Names("TMUX"), Names("TMUX_PANE"),
    // how the sanitizers of a test's build report
    Names("ASAN_OPTIONS"), Names("LSAN_OPTIONS"), Names("TSAN_OPTIONS"), Names("UBSAN_OPTIONS")};

bool matches(std::string_view name, std::string_view kept) {
  if (!kept.ends_with('*')) return name == kept;
  kept.remove_suffix(1);
  return name.starts_with(kept);
}

}  // namespace

bool is_kept_variable(std::string_view variable) {
  const std::string_view name = variable.substr(0, variable.find('='));
  return std::any_of(kKept.begin(), kKept.end(),
                     [&](std::string_view kept) { return matches(name, kept); });
}

void keep_named_environment() {
  char** kept = environ;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    if (is_kept_variable(*variable))
      *kept++ = *variable;
    else
      ::explicit_bzero(*variable, std::strlen(*variable));
  }
  *kept = nullptr;
}

}  // namespace talk
