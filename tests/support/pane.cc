#include "tests/support/pane.h"

#include <unistd.h>

#include <sstream>
#include <stdexcept>

#include "tests/support/process.h"
#include "tests/support/temp_dir.h"

namespace talk::test {
namespace {

std::string fresh_name() {
  static int count = 0;
  return "talk-pane-" + std::to_string(::getpid()) + "-" + std::to_string(++count);
}

std::vector<std::string> split_at(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, separator);) parts.push_back(part);
  return parts;
}

constexpr const char* kSettings =
    "set -g status off\nset -g focus-events on\nset -s escape-time 0\n"
    "set -g default-terminal tmux-256color\nset -g remain-on-exit on\n";

}  // namespace

Pane::Pane(int columns, int rows, const std::string& command,
           const std::map<std::string, std::string>& environment)
    : socket_(fresh_name()) {
  const TempDir directory;
  write_file(directory / "settings", kSettings);
  std::vector<std::string> words = {
      "-f", directory / "settings",  "new-session", "-d",
      "-x", std::to_string(columns), "-y",          std::to_string(rows)};
  // tmux sets TERM itself: what is to have another one is told so on its way.
  std::string assignments = "env";
  for (const auto& [name, value] : environment) assignments += " '" + name + "=" + value + "'";
  words.push_back(environment.empty() ? command : assignments + " " + command);
  run(words);
}

Pane::~Pane() {
  Process({"tmux", "-L", socket_, "kill-server"}).exit_code();
  ::unlink(("/tmp/tmux-" + std::to_string(::getuid()) + "/" + socket_).c_str());
}

std::string Pane::run(std::vector<std::string> words) const {
  words.insert(words.begin(), {"tmux", "-u", "-L", socket_});
  Process::Options outside;
  outside.unset = {"TMUX"};
  Process process(words, outside);
  if (process.exit_code() != 0) throw std::runtime_error("tmux: " + process.err());
  return process.out();
}

std::string Pane::address() const { return value("#{socket_path},#{pid},0"); }

void Pane::type(const std::string& text) { run({"send-keys", "-l", "--", text}); }

void Pane::key(const std::string& names) {
  std::vector<std::string> words = {"send-keys"};
  for (const std::string& name : split_at(names, ' ')) words.push_back(name);
  run(words);
}

void Pane::send_bytes(const std::string& bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::vector<std::string> words = {"send-keys", "-H"};
  for (const char c : bytes) words.push_back({kDigits[(c >> 4) & 15], kDigits[c & 15]});
  run(words);
}

void Pane::paste(const std::string& text) {
  const TempDir directory;
  write_file(directory / "paste", text);
  run({"load-buffer", directory / "paste"});
  run({"paste-buffer", "-p", "-r"});
}

void Pane::resize(int columns, int rows) {
  run({"resize-window", "-x", std::to_string(columns), "-y", std::to_string(rows)});
}

bool Pane::turn_to_new_window() {
  if (!wait_until([&] { return value("#{session_windows}") != "1"; })) return false;
  run({"select-window", "-t", ":{end}"});
  return true;
}

std::string Pane::text() const { return run({"capture-pane", "-p"}); }

std::vector<std::string> Pane::rows(bool styled) const {
  return split_at(styled ? run({"capture-pane", "-p", "-e"}) : text(), '\n');
}

std::string Pane::value(const std::string& format) const {
  const std::string answer = run({"display-message", "-p", format});
  return answer.substr(0, answer.find('\n'));
}

bool Pane::shows(const std::string& part, milliseconds patience) const {
  return wait_until([&] { return text().find(part) != std::string::npos; }, patience);
}

bool Pane::row_is(int row, const std::string& content, milliseconds patience) const {
  return wait_until(
      [&] {
        const std::vector<std::string> all = rows();
        const int index = row < 0 ? static_cast<int>(all.size()) + row : row;
        return index >= 0 && index < static_cast<int>(all.size()) &&
               all[static_cast<std::size_t>(index)] == content;
      },
      patience);
}

}  // namespace talk::test
