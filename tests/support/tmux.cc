#include "tests/support/tmux.h"

#include <algorithm>
#include <sstream>

namespace talk::test {

Tmux::Tmux(int columns, int rows) {
  clean_.unset = {"TMUX", "DISPLAY"};
  run({"new-session", "-d", "-s", "test", "-n", "home", "-x", std::to_string(columns), "-y",
       std::to_string(rows), "cat"});
}

Tmux::~Tmux() { run({"kill-server"}); }

std::string Tmux::run(std::vector<std::string> words) {
  const std::vector<std::string> command = {"tmux", "-S", dir_ / "socket", "-f", "/dev/null"};
  words.insert(words.begin(), command.begin(), command.end());
  Process tmux(words, clean_);
  tmux.exit_code();
  return tmux.out();
}

Process::Options Tmux::options() {
  Process::Options options;
  options.unset = {"DISPLAY"};
  const std::string pid = run({"display-message", "-p", "#{pid}"});
  options.environment["TMUX"] = (dir_ / "socket") + "," + pid.substr(0, pid.find('\n')) + ",0";
  return options;
}

std::vector<std::string> Tmux::windows() {
  std::istringstream lines(run({"list-windows", "-t", "test", "-F", "#W"}));
  std::vector<std::string> names;
  for (std::string name; std::getline(lines, name);) names.push_back(name);
  return names;
}

bool Tmux::has_window(const std::string& name) {
  const std::vector<std::string> all = windows();
  return std::find(all.begin(), all.end(), name) != all.end();
}

void Tmux::type_line(const std::string& window, const std::string& line) {
  shows(window, "\n>");  // a prompt: before that nothing is taken
  run({"send-keys", "-t", "test:=" + window, "-l", line});
  run({"send-keys", "-t", "test:=" + window, "Enter"});
}

std::string Tmux::text_of(const std::string& window) {
  return run({"capture-pane", "-p", "-t", "test:=" + window});
}

bool Tmux::shows(const std::string& window, const std::string& part, milliseconds patience) {
  return wait_until([&] { return text_of(window).find(part) != std::string::npos; }, patience);
}

}  // namespace talk::test
