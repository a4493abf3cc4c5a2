#include "common/screen/split/terminfo.h"

#include <curses.h>
#include <term.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <string_view>

#include "common/posix/environment.h"
#include "common/posix/terminal_kind.h"

namespace talk {
namespace {

// DEC private modes of xterm and its many likes: bracketed paste, focus reports, mouse buttons and
// their SGR form; and the titles of window and icon pushed and popped.
constexpr const char* kModesOn = "\x1b[22;0t\x1b[?2004h\x1b[?1004h\x1b[?1000h\x1b[?1006h";
constexpr const char* kModesOff = "\x1b[?1006l\x1b[?1000l\x1b[?1004l\x1b[?2004l\x1b[23;0t";

// Without the delays for paper terminals, "$<5>".
std::string capability(const char* name) {
  const char* value = ::tigetstr(name);
  if (value == nullptr || value == reinterpret_cast<const char*>(-1)) return "";
  std::string text = value;
  for (std::size_t start; (start = text.find("$<")) != std::string::npos;) {
    const std::size_t end = text.find('>', start);
    if (end == std::string::npos) break;
    text.erase(start, end - start + 1);
  }
  return text;
}

bool is_xterm_like(std::string_view term) {
  for (const std::string_view kind :
       {"xterm", "tmux", "screen", "rxvt", "st-", "foot", "alacritty", "konsole", "vte", "kitty"})
    if (term.starts_with(kind)) return true;
  return ::tigetflag("XT") == 1;
}

// xterm goes under the name of a poorer one unless it is told otherwise, and so do others.
bool has_more_colours() {
  return !environment("XTERM_VERSION").empty() || !environment("COLORTERM").empty();
}

}  // namespace

Terminfo::Terminfo() {
  const std::string name = environment("TERM");
  int status = 0;
  if (name.empty()) {
    shortcoming_ = "TERM is not set";
    return;
  }
  if (name == "dumb" || ::setupterm(nullptr, STDOUT_FILENO, &status) != OK) {
    shortcoming_ = "the terminal '" + name + "' is " + (name == "dumb" ? "dumb" : "unknown");
    return;
  }
  clear_ = capability("clear");
  erase_to_end_ = capability("el");
  if (clear_.empty() || erase_to_end_.empty() || capability("cup").empty()) {
    shortcoming_ = "the terminal '" + name + "' cannot move its cursor";
    return;
  }
  xterm_like_ = is_xterm_like(name);
  // Both stand between; tmux passes focus on only where it is told to.
  reports_focus_ = xterm_like_ && !name.starts_with("tmux") && !name.starts_with("screen");
  bell_ = capability("bel");
  plain_ = capability("sgr0");
  strong_ = capability("bold");
  dim_ = capability("dim");
  reverse_ = capability("rev");
  underline_ = capability("smul");
  enter_ = capability("smcup") + capability("rmam");
  leave_ = capability("smam") + capability("rmcup");
  if (capability("rmcup").empty()) leave_ += clear_;
  if (colour_is_wanted()) colours_ = ::tigetnum("colors");
  if (colours_ >= 8 && colours_ < kManyColours && has_more_colours()) colours_ = kManyColours;
}

std::string Terminfo::begin() const { return enter_ + (xterm_like_ ? kModesOn : "") + clear_; }

std::string Terminfo::end() const { return plain_ + (xterm_like_ ? kModesOff : "") + leave_; }

std::string Terminfo::move(int row, int column) const {
  static const std::string cup = capability("cup");
  const char* const text = ::tiparm(cup.c_str(), row, column);
  return text != nullptr ? text : "";
}

std::string Terminfo::title(const std::string& text) const {
  return xterm_like_ ? "\x1b]0;" + text + "\x07" : "";
}

std::string Terminfo::foreground(int colour) const {
  static const std::string setaf = capability("setaf");
  if (colours_ < 8 || setaf.empty()) return "";
  if (colour >= 8) return "\x1b[38;5;" + std::to_string(colour) + "m";
  const char* const text = ::tiparm(setaf.c_str(), colour);
  return text != nullptr ? text : "";
}

// Each differs by more than its colour, or stands beside words that say the same. Of 8 colours
// none is one that every theme lets be read as a notice.
std::string Terminfo::style(Style style, unsigned hue) const {
  constexpr std::array<int, 4> kEight = {4, 5, 6, 2};
  const bool many = colours_ >= kManyColours;
  switch (style) {
    case Style::plain:
      return "";
    case Style::dim:
      return colours_ == 0 ? dim_ : many ? foreground(kNoticeColour) : "";
    case Style::strong:
      return strong_;
    case Style::name:
      return strong_ + foreground(many ? kNameColours[hue % kNameColours.size()]
                                       : kEight[hue % kEight.size()]);
    case Style::error:
      return foreground(many ? kErrorColour : 1);
    case Style::found:
    case Style::status:
      return reverse_;
    case Style::mark:
      return strong_ + underline_;
  }
  return "";
}

}  // namespace talk
