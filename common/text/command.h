// What a typed line means: words to be said, a command, or a mistake.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
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

// A line that begins with `//` says a line that begins with `/`. `home` is what `~` and `~/…` stand
// for. Quotes and backslash-blank protect, as in a shell.
TypedLine parse_typed_line(const std::string& line, const std::string& home);

// "/send"
std::string name_of(Verb verb);

// The names of all commands, sorted, without the slash: for completion.
std::vector<std::string> command_names();

// For /help, a line an entry.
std::vector<std::string> command_help();

}  // namespace talk
