#include "talk_server/options.h"

#include <getopt.h>

#include <limits>

#include "common/posix/error.h"
#include "common/text/decimal.h"

namespace talk {

const char* const kServerHelp =
    R"(Usage: talk_server [OPTION]... PORT [DIR]
Give every visitor who connects to PORT a window and a process of their own.
Files live in DIR (default: the current directory). PORT 0 lets the system
choose; the address is printed once it listens.

  -H, --handler NAME|PATH  program started for each connection: talk (default),
                           echo, store, fetch, accio, upload, or your own
  -t, --terminal KIND      auto (default), xterm, tmux, none, or a command to
                           which HANDLER FD is appended, such as 'urxvt -e'
  -b, --bind ADDRESS       listen on this address only
  -n, --name NAME          the name visitors see (default: login name)
  -m, --max-sessions N     sessions at a time (default 64 with windows, else 1000)
      --max-per-host N     sessions at a time from one address (default: no limit)
      --share DIR          files that visitors may fetch (default: none)
      --max-file-size SIZE refuse larger uploads (500M, 2G)
      --transcripts DIR    append each session's conversation to a file there
      --plain, --split     the screen in the window
      --linger SECONDS     how long a window stays to be read after its talk has
                           ended, unless a key is pressed (default 60)
      --help, --version
)";

namespace {

enum LongOnly {
  kMaxPerHost = 256,
  kShare,
  kMaxFileSize,
  kTranscripts,
  kPlain,
  kSplit,
  kLinger,
  kHelp,
  kVersionOption
};

constexpr option kOptions[] = {
    {"handler", required_argument, nullptr, 'H'},
    {"terminal", required_argument, nullptr, 't'},
    {"bind", required_argument, nullptr, 'b'},
    {"name", required_argument, nullptr, 'n'},
    {"max-sessions", required_argument, nullptr, 'm'},
    {"max-per-host", required_argument, nullptr, kMaxPerHost},
    {"share", required_argument, nullptr, kShare},
    {"max-file-size", required_argument, nullptr, kMaxFileSize},
    {"transcripts", required_argument, nullptr, kTranscripts},
    {"plain", no_argument, nullptr, kPlain},
    {"split", no_argument, nullptr, kSplit},
    {"linger", required_argument, nullptr, kLinger},
    {"help", no_argument, nullptr, kHelp},
    {"version", no_argument, nullptr, kVersionOption},
    {nullptr, 0, nullptr, 0},
};

// Digits and nothing else, within the bounds.
std::uint64_t parse_number(const std::string& what, const std::string& text, std::uint64_t least,
                           std::uint64_t most) {
  const auto value = decimal<std::uint64_t>(text);
  if (!value || *value < least || *value > most)
    throw UsageError(what + " must be a whole number from " + std::to_string(least) + " to " +
                     std::to_string(most) + ", not '" + text + "'");
  return *value;
}

std::string not_empty(const std::string& option, const std::string& text) {
  if (text.empty()) throw UsageError(option + " must not be empty");
  return text;
}

void apply(int option, const std::string& value, ServerOptions& options) {
  constexpr std::uint64_t kMany = 1'000'000;
  switch (option) {
    case 'H':
      options.handler = not_empty("--handler", value);
      break;
    case 't':
      options.terminal = not_empty("--terminal", value);
      break;
    case 'b':
      options.bind = not_empty("--bind", value);
      break;
    case 'n':
      options.name = not_empty("--name", value);
      break;
    case 'm':
      options.max_sessions = parse_number("--max-sessions", value, 1, kMany);
      break;
    case kMaxPerHost:
      options.max_per_host = parse_number("--max-per-host", value, 1, kMany);
      break;
    case kShare:
      options.share = not_empty("--share", value);
      break;
    case kMaxFileSize:
      options.max_file_size = parse_size("--max-file-size", value);
      break;
    case kTranscripts:
      options.transcripts = not_empty("--transcripts", value);
      break;
    case kPlain:
      options.screen = "plain";
      break;
    case kSplit:
      options.screen = "split";
      break;
    case kLinger:
      options.linger = seconds(parse_number("--linger", value, 0, kMany));
      break;
    case kHelp:
      options.task = ServerOptions::Task::help;
      break;
    case kVersionOption:
      options.task = ServerOptions::Task::version;
      break;
    default:
      break;
  }
}

[[noreturn]] void reject(int problem, const std::string& word) {
  if (problem == ':') throw UsageError("option '" + word + "' needs a value");
  throw UsageError("unknown or misused option '" + word + "'");
}

}  // namespace

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
    return parse_number(option, digits, 1, most) << shift;
  } catch (const UsageError&) {
    throw UsageError(option + " must be a size such as 500M or 2G, not '" + text + "'");
  }
}

ServerOptions parse_server_options(int argc, char** argv) {
  ServerOptions options;
  ::optind = 0;  // a fresh start, also for a second call in one process
  ::opterr = 0;
  for (int option; (option = ::getopt_long(argc, argv, ":H:t:b:n:m:", kOptions, nullptr)) != -1;) {
    if (option == '?' || option == ':') reject(option, argv[::optind - 1]);
    apply(option, ::optarg != nullptr ? ::optarg : "", options);
    if (options.task != ServerOptions::Task::serve) return options;
  }
  const int left = argc - ::optind;
  if (left < 1) throw UsageError("PORT is missing");
  if (left > 2)
    throw UsageError(std::string("one PORT and one DIR, not also '") + argv[::optind + 2] + "'");
  options.port = static_cast<std::uint16_t>(parse_number("PORT", argv[::optind], 0, 65535));
  if (left == 2) options.directory = not_empty("DIR", argv[::optind + 1]);
  return options;
}

}  // namespace talk
