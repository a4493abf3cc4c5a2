#include "tests/support/tmux.h"

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

std::string Tmux::target(const std::string& window) {
  const std::string session = window.starts_with("talk ") ? window.substr(5) + " " : window;
  std::istringstream lines(run({"list-windows", "-t", "test", "-F", "#{window_id} #W"}));
  for (std::string id, name; lines >> id && std::getline(lines >> std::ws, name);)
    if (name == window || (session != window && name.starts_with(session))) return id;
  return "";
}

bool Tmux::has_window(const std::string& name) { return !target(name).empty(); }

void Tmux::type_line(const std::string& window, const std::string& line) {
  shows(window, "\n>");  // a prompt: before that nothing is taken
  run({"send-keys", "-t", target(window), "-l", line});
  run({"send-keys", "-t", target(window), "Enter"});
}

std::string Tmux::text_of(const std::string& window) {
  return run({"capture-pane", "-p", "-t", target(window)});
}

bool Tmux::shows(const std::string& window, const std::string& part, milliseconds patience) {
  return wait_until([&] { return text_of(window).find(part) != std::string::npos; }, patience);
}

}  // namespace talk::test
