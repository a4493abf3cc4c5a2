#include "common/text/command.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "common/text/decimal.h"
#include "common/text/words.h"

namespace talk {
namespace {

enum class Takes { nothing, words, number, text };

struct Known {
  const char* name;
  Takes takes;
  const char* usage;
};

constexpr Known kCommands[] = {
    {"accept", Takes::number, "/accept [N]     take the file that is offered"},
    {"bye", Takes::nothing, "/bye            end the talk"},
    {"cancel", Takes::number, "/cancel [N]     stop a transfer"},
    {"clear", Takes::nothing, "/clear          empty the screen"},
    {"files", Takes::nothing, "/files          list what the other side shares"},
    {"find", Takes::text, "/find TEXT      search backwards in the talk"},
    {"get", Takes::words, "/get NAME...    fetch shared files"},
    {"help", Takes::nothing, "/help           this list"},
    {"refuse", Takes::number, "/refuse [N]     decline the file that is offered"},
    {"send", Takes::words, "/send PATH...   send files and directories"},
    {"transfers", Takes::nothing, "/transfers      what is on its way"},
    {"who", Takes::nothing, "/who            who is on the other side"},
};

TypedLine with_number(Command command) {
  if (command.words.empty()) return command;
  command.number = decimal<std::uint32_t>(command.words[0]);
  if (command.words.size() > 1 || !command.number)
    return Mistake{"/" + command.name + " takes the number of a transfer (see /transfers)"};
  return command;
}

}  // namespace

TypedLine parse_typed_line(const std::string& line, const std::string& home) {
  if (!line.starts_with('/')) return Say{line};
  if (line.starts_with("//")) return Say{line.substr(1)};
  const std::size_t end = std::min(line.find(' '), line.size());
  Command command{line.substr(1, end - 1), {}, {}, {}};
  const auto* known = std::find_if(std::begin(kCommands), std::end(kCommands),
                                   [&](const Known& entry) { return entry.name == command.name; });
  if (known == std::end(kCommands))
    return Mistake{"unknown command /" + command.name +
                   " (see /help; a line that begins with // says a /)"};
  if (end < line.size()) command.rest = line.substr(end + 1);
  const auto words = split_words(command.rest, home);
  if (!words && known->takes != Takes::text) return Mistake{"a quote is not closed"};
  command.words = words.value_or(std::vector<std::string>{});
  switch (known->takes) {
    case Takes::number:
      return with_number(std::move(command));
    case Takes::nothing:
      if (!command.words.empty()) return Mistake{"/" + command.name + " takes no words"};
      break;
    case Takes::words:
    case Takes::text:
      if (command.words.empty() && command.rest.empty())
        return Mistake{std::string("what? ") + known->usage};
      break;
  }
  return command;
}

std::vector<std::string> command_names() {
  std::vector<std::string> names;
  for (const Known& known : kCommands) names.emplace_back(known.name);
  return names;
}

std::vector<std::string> command_help() {
  std::vector<std::string> lines;
  for (const Known& known : kCommands) lines.emplace_back(known.usage);
  lines.emplace_back("//TEXT          say a line that begins with /");
  return lines;
}

}  // namespace talk
