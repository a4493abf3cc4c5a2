#include "talk_client/options.h"

#include <functional>
#include <map>

#include "common/posix/error.h"
#include "common/text/decimal.h"

namespace talk {

const char* const kClientHelp =
    R"(Usage: talk_client [OPTION]... HOST PORT
Talk with whoever sits at the desk of HOST, and send and receive files.

  -n, --name NAME        who you are (default: login name)
      --send PATH...     upload these files and directories, then leave; no screen
      --get NAME...      download these, then leave
  -d, --dir DIR          where received files go (default: current directory)
      --accept           take offered files without asking
      --commands         obey / commands also from a pipe
      --retry SECONDS    how long --send and --get try again after a broken
                         link (default 60; 0: not at all)
      --plain, --split   the screen: lines, or panes (default: panes where the
                         terminal is capable)
      --raw              never speak TALK/1: plain lines, like nc
      --timeout SECONDS  give up connecting (default 10)
      --help, --version

Within a talk, type /help. Exit code: 0 fine, 1 failed, 2 wrong usage,
3 cannot connect, 4 connection lost, 5 a transfer was refused or failed.
)";

namespace {

long parse_number(const std::string& what, const std::string& text, long least, long most) {
  const auto value = decimal<long>(text);
  if (!value || *value < least || *value > most)
    throw UsageError(what + " must be a whole number from " + std::to_string(least) + " to " +
                     std::to_string(most) + ", not '" + text + "'");
  return *value;
}

// Reads the words one after the other. --send and --get take every word up to the next option, so
// getopt's one argument an option does not serve.
class Parser {
 public:
  explicit Parser(const std::vector<std::string>& words) : words_(words) {}

  ClientOptions parse() {
    while (position_ < words_.size() && options_.task == ClientOptions::Task::talk) {
      const std::string word = words_[position_++];
      if (word == "--") {
        words_to_ = &positional_;
        while (position_ < words_.size()) positional_.push_back(words_[position_++]);
      } else if (word.size() > 1 && word[0] == '-') {
        option(word);
      } else {
        words_to_->push_back(word);
      }
    }
    if (options_.task == ClientOptions::Task::talk) take_host_and_port();
    return options_;
  }

 private:
  void option(const std::string& word) {
    const bool is_long = word.starts_with("--");
    const std::size_t name_end = is_long ? std::min(word.find('='), word.size()) : 2;
    std::string name = word.substr(0, name_end);
    if (name == "-n") name = "--name";
    if (name == "-d") name = "--dir";
    has_value_ = name_end < word.size();
    if (has_value_) value_ = word.substr(name_end + (is_long ? 1 : 0));
    option_ = name;
    words_to_ = &positional_;
    const auto found = actions().find(name);
    if (found == actions().end()) throw UsageError("unknown option '" + word + "'");
    found->second(*this);
    if (has_value_) throw UsageError("option '" + name + "' takes no value");
  }

  using Action = std::function<void(Parser&)>;
  static const std::map<std::string, Action>& actions() {
    using Task = ClientOptions::Task;
    static const std::map<std::string, Action> table = {
        {"--help", [](Parser& p) { p.options_.task = Task::help; }},
        {"--version", [](Parser& p) { p.options_.task = Task::version; }},
        {"--name", [](Parser& p) { p.options_.name = p.value(); }},
        {"--dir", [](Parser& p) { p.options_.directory = p.value(); }},
        {"--accept", [](Parser& p) { p.options_.accept = true; }},
        {"--commands", [](Parser& p) { p.options_.commands = true; }},
        {"--raw", [](Parser& p) { p.options_.raw = true; }},
        {"--plain", [](Parser& p) { p.options_.split = false; }},
        {"--split", [](Parser& p) { p.options_.split = true; }},
        {"--retry", [](Parser& p) { p.options_.retry = p.seconds_value(0); }},
        {"--timeout", [](Parser& p) { p.options_.timeout = p.seconds_value(1); }},
        {"--send", [](Parser& p) { p.collect(p.options_.send); }},
        {"--get", [](Parser& p) { p.collect(p.options_.get); }},
    };
    return table;
  }

  std::string value() {
    if (!has_value_) {
      if (position_ == words_.size()) throw UsageError("option '" + option_ + "' needs a value");
      value_ = words_[position_++];
    }
    has_value_ = false;
    return value_;
  }

  seconds seconds_value(long least) {
    return seconds(parse_number(option_, value(), least, 1'000'000));
  }

  void collect(std::vector<std::string>& list) {
    if (has_value_) list.push_back(value());
    words_to_ = &list;
    lists_.push_back({&list, option_});
  }

  void take_host_and_port() {
    std::vector<std::string>& words = positional_.empty() ? *words_to_ : positional_;
    if (words.size() < 2)
      throw UsageError(words.empty() ? "HOST and PORT are missing" : "PORT is missing");
    options_.port = words.back();
    words.pop_back();
    options_.host = words.back();
    words.pop_back();
    if (!positional_.empty())
      throw UsageError("one HOST and one PORT are needed, not also '" + positional_[0] + "'");
    if (options_.host.empty()) throw UsageError("HOST is empty");
    parse_number("PORT", options_.port, 1, 65535);
    for (const auto& [list, name] : lists_)
      if (list->empty()) throw UsageError("option '" + name + "' needs a value");
  }

  const std::vector<std::string>& words_;
  std::size_t position_ = 0;
  ClientOptions options_;
  std::vector<std::string> positional_;
  std::vector<std::string>* words_to_ = &positional_;
  std::vector<std::pair<std::vector<std::string>*, std::string>> lists_;
  std::string option_;
  bool has_value_ = false;
  std::string value_;
};

}  // namespace

ClientOptions parse_client_options(const std::vector<std::string>& arguments) {
  return Parser(arguments).parse();
}

}  // namespace talk
