#include "talk_server/window/terminal.h"

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "common/posix/environment.h"
#include "common/posix/error.h"
#include "common/posix/spawn.h"
#include "common/text/words.h"
#include "talk_server/window/known_terminals.h"
#include "talk_server/window/x_display.h"

namespace talk {
namespace {

constexpr const char* kChoices =
    "(choose with --terminal: xterm, tmux, none, another terminal's name, or a command such as "
    "'urxvt -e')";

bool set(const char* variable) { return !environment(variable).empty(); }

std::string program_of(const std::vector<std::string>& command) {
  std::string program = find_program(command[0]);
  if (program.empty())
    throw std::runtime_error("open windows with '" + command[0] + "': no such program in PATH " +
                             kChoices);
  return program;
}

bool has_start_sign(const std::vector<std::string>& command) {
  return std::find(command.begin(), command.end(), kStartSign) != command.end();
}

// `{}` says that the connection is to be handed over; otherwise HANDLER FD follows.
Terminal windows_by(std::vector<std::string> command, const std::string& window_program) {
  std::string program = program_of(command);
  if (has_start_sign(command)) {
    command[0] = std::move(program);
    command.insert(command.begin(), window_program);
    program = window_program;
  }
  return {std::move(program), std::move(command)};
}

void check_needs(Needs needs, const std::string& name) {
  const bool x = needs == Needs::x || needs == Needs::x_or_wayland;
  const bool wayland = needs == Needs::wayland || needs == Needs::x_or_wayland;
  if (x && set("DISPLAY")) return check_x_display(environment("DISPLAY"));
  if (wayland && set("WAYLAND_DISPLAY")) return;
  if (needs == Needs::tmux && set("TMUX")) return;
  const std::string missing = needs == Needs::tmux ? "this is not inside tmux "
                              : x                  ? "DISPLAY is not set "
                                                   : "WAYLAND_DISPLAY is not set ";
  throw std::runtime_error("open windows with " + name + ": " + missing + kChoices);
}

Terminal windows_by(const KnownTerminal& known, const std::string& window_program) {
  check_needs(known.needs, known.name);
  std::vector<std::string> command = known.words;
  command.insert(command.begin(), known.name);
  Terminal terminal = windows_by(std::move(command), window_program);
  terminal.known = known.way == Way::inherits;
  return terminal;
}

const KnownTerminal* known(const std::string& name) {
  const std::vector<KnownTerminal>& all = known_terminals();
  const auto found = std::find_if(all.begin(), all.end(),
                                  [&](const KnownTerminal& one) { return one.name == name; });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace

std::vector<std::string> filled_in(const std::vector<std::string>& command,
                                   const std::vector<std::string>& program,
                                   const std::string& name) {
  std::vector<std::string> words;
  for (std::string word : command) {
    if (word == kStartSign) {
      words.insert(words.end(), program.begin(), program.end());
      continue;
    }
    const std::size_t at = word.find(kNameSign);
    if (at != std::string::npos) word.replace(at, std::string_view(kNameSign).size(), name);
    words.push_back(std::move(word));
  }
  return words;
}

std::vector<std::string> command_in_window(const Terminal& terminal,
                                           const std::vector<std::string>& program,
                                           const std::string& name) {
  if (has_start_sign(terminal.command))  // behind talk_window
    return filled_in({terminal.command.begin() + 1, terminal.command.end()}, program, name);
  std::vector<std::string> words = terminal.command;
  words.insert(words.end(), program.begin(), program.end());
  return words;
}

std::vector<std::string> terminal_words(const std::string& option) {
  auto words = split_words(option);
  if (!words) throw UsageError("--terminal has a quote that is not closed: " + option);
  if (words->empty()) throw UsageError("--terminal names no program");
  return std::move(*words);
}

Terminal choose_terminal(const std::vector<std::string>& words, bool wants_window,
                         const std::string& window_program) {
  std::string kind = words.size() == 1 ? words[0] : "";
  if (kind == "none" || (kind == "auto" && !wants_window)) return {};
  if (kind == "auto") {
    if (!set("DISPLAY") && !set("TMUX"))
      throw std::runtime_error(
          std::string("open a window for each visitor: neither an X display nor tmux here ") +
          kChoices);
    kind = set("DISPLAY") ? "xterm" : "tmux";
  }
  if (const KnownTerminal* const terminal = known(kind))
    return windows_by(*terminal, window_program);
  return windows_by(words, window_program);
}

}  // namespace talk
