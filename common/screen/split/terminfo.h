// What the terminal can do and how it is told: the only room that knows ncurses (its terminfo
// level: rows are painted whole, so nothing is left to be optimised).
#pragma once

#include <array>
#include <string>

namespace talk {

enum class Style {
  plain,
  dim,     // times, notices: less than words, and still to be read
  strong,  // one's own name, the prompt
  name,    // the other's name, in a hue of its own
  error,   // the mark of an error
  status,  // the status line
  mark,    // where the unread begins
  found,   // what was looked for
};

// Of 256 colours: at least 3:1 (WCAG 2's measure) on black, on white and on both of Solarized.
inline constexpr int kManyColours = 256;
inline constexpr int kNoticeColour = 244;
inline constexpr int kErrorColour = 167;
inline constexpr std::array<int, 12> kNameColours = {28, 33, 100, 98, 130, 133,
                                                     31, 64, 30,  99, 163, 66};

class Terminfo {
 public:
  // Reads the entry of TERM for standard output. Where the terminal cannot carry panes,
  // shortcoming() says why and nothing else is to be used.
  Terminfo();

  const std::string& shortcoming() const { return shortcoming_; }

  std::string begin() const;  // the alternate screen, modes for paste, focus and wheel
  std::string end() const;    // all given back
  const std::string& clear() const { return clear_; }
  std::string move(int row, int column) const;
  const std::string& erase_to_end() const { return erase_to_end_; }
  const std::string& bell() const { return bell_; }
  // Whether the terminal is known to tell of its focus; others may all the same.
  bool reports_focus() const { return reports_focus_; }
  // Empty where the terminal has no title. `text` is safe.
  std::string title(const std::string& text) const;

  // Style on; `hue` (0 and up) picks one of the name colours. Off again with plain().
  std::string style(Style style, unsigned hue) const;
  // Whether what is dim looks so; not where it would be by colour and none is wanted.
  bool shows_dimness() const { return colours_ > 0 && !style(Style::dim, 0).empty(); }
  const std::string& plain() const { return plain_; }

 private:
  std::string foreground(int colour) const;

  std::string shortcoming_;
  bool xterm_like_ = false;
  bool reports_focus_ = false;
  int colours_ = 0;  // 0 where NO_COLOR is set
  std::string clear_, erase_to_end_, bell_, plain_, strong_, dim_, reverse_, underline_;
  std::string enter_, leave_;
};

}  // namespace talk
