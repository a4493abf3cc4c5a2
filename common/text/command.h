// What a typed line means: words to be said, a command, or a mistake.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace talk {

struct Say {
  std::string text;
};

// What can be asked for; a name for each, and what it takes, stand in the table of command.cc.
enum class Verb {
  accept,
  bye,
  cancel,
  clear,
  files,
  find,
  get,
  help,
  refuse,
  send,
  transfers,
  who
};

struct Command {
  Verb verb = Verb::help;
  std::vector<std::string> words;       // unquoted, `~` replaced
  std::string rest;                     // everything behind the name, as typed
  std::optional<std::uint32_t> number;  // of /accept, /refuse and /cancel
  bool all = false;                     // of /accept and /refuse, in place of a number
};

struct Mistake {
  std::string message;
};

using TypedLine = std::variant<Say, Command, Mistake>;

// The rule of the slash: a line that begins with `/` is a command, and one that begins with `//`
// says what follows the first. words_of() is what a line says that is said.
bool is_said(std::string_view line);
std::string words_of(std::string_view line);
std::string line_that_says(std::string_view words);

// `home` is what `~` and `~/…` stand for. Quotes and backslash-blank protect, as in a shell.
TypedLine parse_typed_line(const std::string& line, const std::string& home);

// "/send"
std::string name_of(Verb verb);

// The names of all commands in the order of /help, without the slash.
std::vector<std::string> command_names();

// For /help, a line an entry.
std::vector<std::string> command_help();

}  // namespace talk
