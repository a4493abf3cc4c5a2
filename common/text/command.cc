#include "common/text/command.h"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>

#include "common/text/decimal.h"
#include "common/text/words.h"

namespace talk {
namespace {

enum class Takes { nothing, words, number, text };

struct Row {
  Verb verb;
  const char* name;
  Takes takes;
  const char* usage;
};

// In the order of /help: what one looks for first stands first.
constexpr Row kCommands[] = {
    {Verb::help, "help", Takes::nothing, "/help           this list"},
    {Verb::send, "send", Takes::words, "/send PATH...   send files and directories"},
    {Verb::accept, "accept", Takes::number,
     "/accept [N]     take the file that is offered, or all"},
    {Verb::refuse, "refuse", Takes::number,
     "/refuse [N]     decline the file that is offered, or all"},
    {Verb::cancel, "cancel", Takes::number, "/cancel [N]     stop a transfer"},
    {Verb::transfers, "transfers", Takes::nothing, "/transfers      what is on its way"},
    {Verb::files, "files", Takes::nothing, "/files          list what the other side shares"},
    {Verb::get, "get", Takes::words, "/get NAME...    fetch shared files"},
    {Verb::find, "find", Takes::text, "/find TEXT      search backwards in the talk"},
    {Verb::clear, "clear", Takes::nothing, "/clear          empty the screen"},
    {Verb::who, "who", Takes::nothing, "/who            who is on the other side"},
    {Verb::bye, "bye", Takes::nothing, "/bye            end the talk"},
};

// What people type who know other programs.
struct Alias {
  const char* name;
  Verb verb;
};
constexpr Alias kAliases[] = {
    {"exit", Verb::bye}, {"quit", Verb::bye}, {"h", Verb::help}, {"?", Verb::help}};

const Row& row_of(Verb verb) {
  return *std::find_if(std::begin(kCommands), std::end(kCommands),
                       [&](const Row& row) { return row.verb == verb; });
}

std::optional<Verb> verb_called(std::string_view name) {
  for (const Row& row : kCommands)
    if (row.name == name) return row.verb;
  for (const Alias& alias : kAliases)
    if (alias.name == name) return alias.verb;
  return std::nullopt;
}

// How many letters have to be changed, added, left out or swapped with their neighbour to make one
// word of the other (optimal string alignment distance).
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) {
    for (std::size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        d[i][j] = i + j;
        continue;
      }
      const std::size_t same = a[i - 1] == b[j - 1] ? 0 : 1;
      d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + same});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
    }
  }
  return d[a.size()][b.size()];
}

// The command that was probably meant; nothing where none is near.
std::optional<Verb> nearest(std::string_view name) {
  constexpr std::size_t kLongest = 16;
  if (name.empty() || name.size() > kLongest) return std::nullopt;
  const Row* best = nullptr;
  std::size_t least = std::max<std::size_t>(1, name.size() / 3) + 1;
  for (const Row& row : kCommands) {
    const bool begun = name.size() > 1 && std::string_view(row.name).starts_with(name);
    const std::size_t away = begun ? 0 : distance(name, row.name);
    if (away >= least) continue;
    least = away;
    best = &row;
  }
  return best != nullptr ? std::optional(best->verb) : std::nullopt;
}

Mistake unknown(const std::string& name) {
  const auto meant = nearest(name);
  return Mistake{"unknown command /" + name +
                 (meant ? ": did you mean " + name_of(*meant) + "? (" : " (") +
                 "see /help; a line that begins with // says a /)"};
}

TypedLine with_number(Command command) {
  if (command.words.empty()) return command;
  if (command.verb != Verb::cancel && command.words == std::vector<std::string>{"all"}) {
    command.all = true;
    return command;
  }
  command.number = decimal<std::uint32_t>(command.words[0]);
  if (command.words.size() > 1 || !command.number)
    return Mistake{name_of(command.verb) + " takes the number of a transfer (see /transfers)" +
                   (command.verb == Verb::cancel ? "" : ", or all")};
  return command;
}

}  // namespace

bool is_said(std::string_view line) { return !line.starts_with('/') || line.starts_with("//"); }

std::string words_of(std::string_view line) {
  return std::string(line.substr(line.starts_with('/') ? 1 : 0));
}

std::string line_that_says(std::string_view words) {
  return (words.starts_with('/') ? "/" : "") + std::string(words);
}

TypedLine parse_typed_line(const std::string& line, const std::string& home) {
  if (is_said(line)) return Say{words_of(line)};
  const std::size_t end = std::min(line.find(' '), line.size());
  const std::string name = line.substr(1, end - 1);
  const auto verb = verb_called(name);
  if (!verb) return unknown(name);
  const Row& row = row_of(*verb);
  Command command;
  command.verb = *verb;
  if (end < line.size()) command.rest = line.substr(end + 1);
  const auto words = split_words(command.rest, home);
  if (!words && row.takes != Takes::text) return Mistake{"a quote is not closed"};
  command.words = words.value_or(std::vector<std::string>{});
  switch (row.takes) {
    case Takes::number:
      return with_number(std::move(command));
    case Takes::nothing:
      if (!command.words.empty()) return Mistake{name_of(*verb) + " takes no words"};
      break;
    case Takes::words:
    case Takes::text:
      if (command.words.empty() && command.rest.empty())
        return Mistake{std::string("what? ") + row.usage};
      break;
  }
  return command;
}

std::string name_of(Verb verb) { return std::string("/") + row_of(verb).name; }

std::vector<std::string> command_names() {
  std::vector<std::string> names;
  for (const Row& row : kCommands) names.emplace_back(row.name);
  return names;
}

std::vector<std::string> command_help() {
  std::vector<std::string> lines;
  for (const Row& row : kCommands) lines.emplace_back(row.usage);
  lines.emplace_back("//TEXT          say a line that begins with /");
  return lines;
}

}  // namespace talk
