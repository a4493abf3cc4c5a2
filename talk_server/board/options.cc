#include "talk_server/board/options.h"

#include <limits>
#include <map>
#include <span>
#include <string_view>

#include "common/desk/register.h"
#include "common/posix/error.h"
#include "common/wire/limits.h"

namespace talk {
namespace {

using Task = BoardOptions::Task;
using Words = std::span<const std::string>;

const std::map<std::string, Task> kCommands = {
    {"list", Task::list}, {"say", Task::say}, {"close", Task::close}, {"raise", Task::raise}};

std::string joined(Words words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

// As the register has it: of a Unix socket's path, the name of the file.
std::string name_of_server(const std::string& word) {
  constexpr std::string_view kUnix = "unix:";
  return word.starts_with(kUnix) ? name_in_register({"local", 0, word.substr(kUnix.size())}) : word;
}

void read_session(const std::string& command, const std::string& word, BoardOptions& options) {
  if (word == "all" && options.task != Task::raise) return;
  options.session =
      number_value(command + ": N", word, 1, std::numeric_limits<std::uint64_t>::max());
}

void read_command(Words words, BoardOptions& options) {
  const std::string& command = words.front();
  const auto task = kCommands.find(command);
  if (task == kCommands.end())
    throw UsageError("no command is called '" + command + "' (list, say, close, raise)");
  options.task = task->second;
  words = words.subspan(1);
  if (options.task != Task::list) {
    if (words.empty()) throw UsageError(command + ": which session? N is missing");
    read_session(command, words.front(), options);
    words = words.subspan(1);
  }
  const bool takes_text = options.task == Task::say || options.task == Task::close;
  if (!takes_text && !words.empty())
    throw UsageError(command + " takes no further word, not '" + words.front() + "'");
  options.text = joined(words);
  if (options.task == Task::say && options.text.empty()) throw UsageError("say: TEXT is missing");
  if (options.text.size() > kMaxText) throw UsageError(command + ": the text is over 64 KiB");
}

}  // namespace

OptionTable board_option_table(BoardOptions& options) {
  return {"talk_desk",
          "[PORT|unix:PATH] [COMMAND]",
          "Show all talks of your talk_server at PORT (by itself where one runs), and act on them.",
          {{"json", 0, "", "with list: one JSON object",
            [&options](const std::string&) { options.json = true; }}},
          "Commands, for scripts:\n"
          "  list [--json]        all sessions\n"
          "  say N|all TEXT       say it to session N, or to all\n"
          "  close N|all [REASON] end the talk\n"
          "  raise N              bring its window to the front",
          {},
          {"list", "say", "close", "raise"}};
}

BoardOptions parse_board_options(const std::vector<std::string>& arguments) {
  BoardOptions options;
  const CommandLine line = read_command_line(board_option_table(options), arguments);
  options.answer = line.answer;
  if (line.answer) return options;
  Words words = line.words;
  if (!words.empty() && kCommands.find(words.front()) == kCommands.end()) {
    options.server = name_of_server(value_not_empty("PORT", words.front()));
    words = words.subspan(1);
  }
  if (!words.empty()) read_command(words, options);
  if (options.json && options.task != Task::list) throw UsageError("--json goes with list");
  return options;
}

}  // namespace talk
