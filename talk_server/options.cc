#include "talk_server/options.h"

#include <limits>
#include <string_view>

#include "common/posix/error.h"
#include "common/text/decimal.h"
#include "talk_server/handlers.h"

namespace talk {
namespace {

constexpr std::uint64_t kMany = 1'000'000;

std::function<void(const std::string&)> text_into(const std::string& option, std::string& place) {
  return [option, &place](const std::string& value) { place = value_not_empty(option, value); };
}

// `Place` is a number, or a duration in seconds.
template <typename Place>
std::function<void(const std::string&)> number_into(const std::string& option, std::uint64_t least,
                                                    Place& place) {
  return [option, least, &place](const std::string& value) {
    place = Place(number_value(option, value, least, kMany));
  };
}

std::function<void(const std::string&)> word_into(std::string& place, const char* word) {
  return [&place, word](const std::string&) { place = word; };
}

Network network_value(const std::string& text) {
  if (const auto network = Network::parse(text)) return *network;
  throw UsageError("--allow must be an IP address or a network such as 10.0.0.0/8, not '" + text +
                   "'");
}

void read_where(const std::string& word, ServerOptions& options) {
  constexpr std::string_view kUnix = "unix:";
  if (word.starts_with(kUnix)) {
    options.socket_path = value_not_empty("PATH", word.substr(kUnix.size()));
    if (!options.bind.empty()) throw UsageError("--bind is for a PORT, not for " + word);
    return;
  }
  const auto port = decimal<std::uint16_t>(word);
  if (!port)
    throw UsageError("PORT must be a whole number from 0 to 65535, or unix:PATH, not '" + word +
                     "'");
  options.port = *port;
}

// A header that anybody could send says nothing.
void check_proxy(const ServerOptions& options) {
  if (!options.proxy_protocol) return;
  if (options.allow.empty())
    throw UsageError("--proxy-protocol needs --allow, which says whose headers are believed");
  if (!handler_kind(options.handler).ours())
    throw UsageError("--proxy-protocol is for the handlers that come with talk_server, not for '" +
                     options.handler + "'");
}

std::vector<Option> what_is_served(ServerOptions& o) {
  return {
      {"handler", 'H', "NAME|PATH",
       "program started for each connection: talk (default), echo, store, fetch, accio, "
       "upload, or your own",
       text_into("--handler", o.handler)},
      {"share", 0, "DIR", "files that visitors may fetch (default: none)",
       text_into("--share", o.share)},
      {"max-file-size", 0, "SIZE", "refuse larger uploads (500M, 2G)",
       [&o](const std::string& value) { o.max_file_size = parse_size("--max-file-size", value); }},
      {"transcripts", 0, "DIR", "append each session's conversation to a file there",
       text_into("--transcripts", o.transcripts)},
  };
}

std::vector<Option> who_may_come(ServerOptions& o) {
  return {
      {"bind", 'b', "ADDRESS", "listen on this address only", text_into("--bind", o.bind)},
      {"max-sessions", 'm', "N", "sessions at a time (default 64 with windows, else 1000)",
       number_into("--max-sessions", 1, o.max_sessions)},
      {"max-per-host", 0, "N", "sessions at a time from one address (default: no limit)",
       number_into("--max-per-host", 1, o.max_per_host)},
      {"allow", 0, "ADDRESS[/BITS]",
       "who may come, also several times (default: everybody; others are told and closed)",
       [&o](const std::string& value) { o.allow.push_back(network_value(value)); }},
      {"proxy-protocol", 0, "",
       "connections begin with a PROXY header, as a balancer among those of --allow sends it",
       [&o](const std::string&) { o.proxy_protocol = true; }},
      {"idle", 0, "SECONDS",
       "end a session from which nothing has come for so long (default: never with a window, "
       "300 without; 0: never)",
       number_into("--idle", 0, o.idle)},
      {"confine", 0, "auto|require|off",
       "what a session's process gives up before it listens to its visitor: all that the system "
       "can refuse it (auto, the default), or no session at all (require), or nothing",
       [&o](const std::string& value) { o.confine = parse_confine("--confine", value); }},
  };
}

std::vector<Option> at_the_desk(ServerOptions& o) {
  return {
      {"terminal", 't', "KIND",
       "auto (default), xterm, tmux, none, the name of another terminal (kitty, konsole...), or a "
       "command to which HANDLER FD is appended, such as 'urxvt -e'",
       text_into("--terminal", o.terminal)},
      {"name", 'n', "NAME", "the name visitors see (default: login name)",
       [&o](const std::string& value) { o.name = value; }},
      {"plain", 0, "", "the screen in the window: lines", word_into(o.screen, "plain")},
      {"split", 0, "", "the screen in the window: panes", word_into(o.screen, "split")},
      {"lines", 0, "", "the screen in the window, for a screen reader: every event once",
       word_into(o.screen, "lines")},
      {"linger", 0, "SECONDS",
       "how long a window stays to be read after its talk has ended, unless a key is pressed "
       "(default 60)",
       number_into("--linger", 0, o.linger)},
      {"keep", 0, "SECONDS",
       "how long the talk of a visitor whose link is lost waits for it to call again (default 600 "
       "with a window, 30 without; 0: not at all)",
       number_into("--keep", 0, o.keep)},
      {"board", 0, "", "open the board of all talks, talk_desk, in a window of its own",
       [&o](const std::string&) { o.board = true; }},
  };
}

}  // namespace

OptionTable server_option_table(ServerOptions& o) {
  std::vector<Option> options;
  for (auto group : {what_is_served(o), at_the_desk(o), who_may_come(o)})
    options.insert(options.end(), group.begin(), group.end());
  return {"talk_server", "[OPTION]... PORT|unix:PATH [DIR]",
          "Give every visitor who connects to PORT a window and a process of their own. Files live "
          "in DIR (default: the current directory). PORT 0 lets the system choose; the address is "
          "printed once it listens.",
          std::move(options)};
}

std::uint64_t parse_size(const std::string& option, const std::string& text) {
  constexpr std::string_view kUnits = "KMG";
  std::string digits = text;
  unsigned shift = 0;
  if (!digits.empty() && kUnits.find(digits.back()) != std::string_view::npos) {
    shift = 10 * (static_cast<unsigned>(kUnits.find(digits.back())) + 1);
    digits.pop_back();
  }
  const std::uint64_t most = std::numeric_limits<std::int64_t>::max() >> shift;
  try {
    return number_value(option, digits, 1, most) << shift;
  } catch (const UsageError&) {
    throw UsageError(option + " must be a size such as 500M or 2G, not '" + text + "'");
  }
}

ServerOptions parse_server_options(const std::vector<std::string>& arguments) {
  ServerOptions options;
  const CommandLine line = read_command_line(server_option_table(options), arguments);
  options.answer = line.answer;
  if (line.answer) return options;
  if (line.words.empty()) throw UsageError("PORT is missing");
  if (line.words.size() > 2)
    throw UsageError("one PORT and one DIR, not also '" + line.words[2] + "'");
  read_where(line.words[0], options);
  if (line.words.size() == 2) options.directory = value_not_empty("DIR", line.words[1]);
  check_proxy(options);
  return options;
}

}  // namespace talk
