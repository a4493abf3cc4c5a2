#include "talk_client/options.h"

#include "common/posix/error.h"
#include "talk_client/via_command.h"

namespace talk {
namespace {

seconds seconds_value(const std::string& option, const std::string& text, std::uint64_t least) {
  return seconds(number_value(option, text, least, 1'000'000));
}

// So many words of a list that ends the command line are the server's address.
std::size_t words_of_address(const std::string& last) { return is_whole_address(last) ? 1 : 2; }

}  // namespace

OptionTable client_option_table(ClientOptions& o) {
  return {
      "talk_client",
      "[OPTION]... HOST PORT",
      "Talk with whoever sits at the desk of HOST, and send and receive files. HOST:PORT, "
      "[ADDRESS]:PORT, talk://HOST:PORT and unix:PATH are taken in place of HOST PORT.",
      {
          {"name", 'n', "NAME", "who you are (default: login name)",
           [&o](const std::string& value) { o.name = value; }},
          {"send", 0, "PATH", "upload these files and directories, then leave; no screen",
           [&o](const std::string& value) { o.send.push_back(value); }, true},
          {"get", 0, "NAME", "download these, then leave",
           [&o](const std::string& value) { o.get.push_back(value); }, true},
          {"dir", 'd', "DIR", "where received files go (default: current directory)",
           [&o](const std::string& value) { o.directory = value; }},
          {"accept", 0, "", "take offered files without asking",
           [&o](const std::string&) { o.accept = true; }},
          {"commands", 0, "", "obey / commands also from a pipe",
           [&o](const std::string&) { o.commands = true; }},
          {"retry", 0, "SECONDS",
           "how long to call again after a lost link (default 600 at a terminal, else 60; 0: not "
           "at "
           "all)",
           [&o](const std::string& value) { o.retry = seconds_value("--retry", value, 0); }},
          {"plain", 0, "", "the screen: lines (default: panes where the terminal is capable)",
           [&o](const std::string&) { o.screen = "plain"; }},
          {"split", 0, "", "the screen: panes", [&o](const std::string&) { o.screen = "split"; }},
          {"lines", 0, "",
           "the screen for a screen reader: every event once, nothing painted again",
           [&o](const std::string&) { o.screen = "lines"; }},
          {"raw", 0, "", "never speak TALK/1: plain lines, like nc",
           [&o](const std::string&) { o.raw = true; }},
          {"timeout", 0, "SECONDS", "give up connecting (default 10)",
           [&o](const std::string& value) { o.timeout = seconds_value("--timeout", value, 1); }},
          {"via", 0, "COMMAND",
           "talk through this command's standard input and output; %h and %p are HOST and PORT: "
           "'ssh -W localhost:%p %h'",
           [&o](const std::string& value) { o.via = via_words(value); }},
      },
      "Within a talk, type /help. Exit code: 0 fine, 1 failed, 2 wrong usage,\n"
      "3 cannot connect, 4 connection lost, 5 a transfer was refused or failed.",
      words_of_address};
}

ClientOptions parse_client_options(const std::vector<std::string>& arguments) {
  ClientOptions options;
  const CommandLine line = read_command_line(client_option_table(options), arguments);
  options.answer = line.answer;
  if (line.answer) return options;
  options.server = read_server_address(line.words);
  if (!options.via.empty() && !options.server.path.empty())
    throw UsageError("--via needs HOST and PORT, not " + options.server.place());
  if (!options.via.empty()) via_command(options.via, options.server.host, options.server.port);
  return options;
}

}  // namespace talk
