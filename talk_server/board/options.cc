#include "talk_server/board/options.h"

#include <map>
#include <span>
#include <string_view>

#include "common/desk/register.h"
#include "common/posix/error.h"
#include "common/text/decimal.h"
#include "common/text/words.h"
#include "common/wire/limits.h"

namespace talk {
namespace {

using Task = BoardOptions::Task;
using Words = std::span<const std::string>;

const std::map<std::string, Task> kCommands = {
    {"list", Task::list}, {"say", Task::say}, {"close", Task::close}, {"raise", Task::raise}};

constexpr std::string_view kUnix = "unix:";

// A port, also of one of several servers there ("1234-2"), a socket, or as the server calls it, the
// register's directory.
bool names_server(const std::string& word) {
  const bool number = !word.empty() && word.front() >= '0' && word.front() <= '9';
  return number || word.starts_with(kUnix) || word.starts_with('/');
}

// As the register has it: of a Unix socket's path, the name of the file.
std::string name_of_server(const std::string& word) {
  const bool digits = word.find_first_not_of("0123456789") == std::string::npos;
  if (digits && !decimal<std::uint16_t>(word))
    throw UsageError("PORT is a number up to 65535, not '" + word + "'");
  if (!word.starts_with(kUnix)) return word;
  const std::string path = word.substr(kUnix.size());
  if (path.empty()) throw UsageError("unix: PATH is missing");
  return name_in_register({"local", 0, path});
}

void read_session(const std::string& command, const std::string& word, BoardOptions& options) {
  const bool may_be_all = options.task != Task::raise;
  if (word == "all" && may_be_all) return;
  options.session = decimal<std::uint64_t>(word);
  if (!options.session || *options.session == 0)
    throw UsageError(command + ": N is the number of a session" + (may_be_all ? ", or 'all'" : "") +
                     ", not '" + word + "'");
}

void read_command(Words words, BoardOptions& options) {
  const std::string& command = words.front();
  const auto task = kCommands.find(command);
  if (task == kCommands.end())
    throw UsageError("'" + command + "' is no command (list, say, close, raise)" +
                     (options.server.empty() ? ", and no server's PORT or unix:PATH" : ""));
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
  if (options.text.size() > kMaxText)
    throw UsageError(command + ": the text is over " + kMaxTextInWords);
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
  if (!words.empty() && names_server(words.front())) {
    options.called = words.front();
    options.server = name_of_server(options.called);
    words = words.subspan(1);
  }
  if (!words.empty()) read_command(words, options);
  if (options.json && options.task != Task::list) throw UsageError("--json goes with list");
  return options;
}

}  // namespace talk
