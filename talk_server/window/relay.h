// The listener's side of a window that belongs to a stranger: it has the window opened, sends the
// visitor's connection there and lives as long as the window does, as a terminal of its own would.
#pragma once

#include <string>
#include <vector>

namespace talk {

class Relay {
 public:
  // `command` opens the window, in which `window_side` is started (filled_in() in terminal.h).
  // `handler` is an absolute path.
  Relay(std::vector<std::string> command, const std::string& window_side, std::string handler);

  // Takes the visitor's connection, and returns when the window has ended. Where none comes the
  // visitor is told so; throws std::runtime_error.
  void run(int visitor) const;

 private:
  std::vector<std::string> command_;
  std::string window_side_;
  std::string handler_;
};

}  // namespace talk
