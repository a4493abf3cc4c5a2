// A desktop without a monitor (Xvfb): real windows that a test types into, reads and looks at.
#pragma once

#include <sys/types.h>

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "tests/support/process.h"
#include "tests/support/temp_dir.h"

namespace talk::test {

class Desktop {
 public:
  // Throws where Xvfb does not start. `most_clients`: 64, 128, 256 or 512.
  explicit Desktop(int most_clients = 256);

  // For a program that is to open its windows here.
  Process::Options options() const;
  const std::string& display() const { return display_; }
  Process& server() { return xvfb_; }

  using Window = std::string;  // its number, as xdotool has it; empty: none
  // The window of an xterm; waits for it.
  Window window_of(pid_t xterm);
  std::size_t count_windows();
  // All that are visible, named and large enough for a terminal.
  std::set<Window> windows();
  std::string instance_of(const Window& window);  // by which a window manager knows it
  std::string geometry_of(const Window& window);
  // A window manager (openbox, icewm, twm), at work when this returns.
  std::unique_ptr<Process> manage(const std::string& manager) { return manage(manager, options()); }
  std::unique_ptr<Process> manage(const std::string& manager, const Process::Options& options);

  // As a person does: the window gets the focus, then the keys. A line ends in Enter.
  void type_line(const Window& window, const std::string& line);
  // To whatever window has the focus at each key, as a person does who does not look.
  void type_blindly(const std::string& text, milliseconds between);
  void focus(const Window& window);
  std::string title_of(const Window& window);
  void press(const Window& window, const std::string& key);  // "ctrl+c", "Return"
  void close(const Window& window);  // as its owner does: xterm hangs up on what runs in it

  // The text that stands in the window.
  std::string text_of(const Window& window);
  bool shows(const Window& window, const std::string& part, milliseconds patience = kPatience);

  void take_picture(const std::string& path);

 private:
  std::string ask(const std::vector<std::string>& command);
  std::string xdotool(std::vector<std::string> words);
  Window root();

  TempDir dir_;
  Process xvfb_;
  std::string display_;
};

}  // namespace talk::test
