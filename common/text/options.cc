#include "common/text/options.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "common/posix/error.h"
#include "common/posix/program.h"
#include "common/text/decimal.h"
#include "common/text/shell_completion.h"
#include "common/text/width.h"

namespace talk {
namespace {

constexpr std::size_t kHelpColumn = 27;  // where the sentences of --help begin
constexpr int kHelpWidth = 79 - static_cast<int>(kHelpColumn);

class Reader {
 public:
  Reader(const OptionTable& table, const std::vector<std::string>& arguments)
      : table_(table), options_(all_options(table)), arguments_(arguments) {}

  CommandLine read() {
    while (next_ < arguments_.size() && !result_.answer) {
      const std::string& word = arguments_[next_++];
      if (word == "--")
        read_words();
      else if (word.starts_with("--"))
        read_long(word);
      else if (word.size() > 1 && word[0] == '-')
        read_letters(word);
      else
        (list_open_ ? lists_.back().words : result_.words).push_back(word);
    }
    if (!result_.answer) set_lists();
    return std::move(result_);
  }

 private:
  struct List {
    const Option* option;
    std::vector<std::string> words;
  };

  void read_words() {
    result_.words.insert(result_.words.end(), arguments_.begin() + static_cast<long>(next_),
                         arguments_.end());
    next_ = arguments_.size();
  }

  void read_long(const std::string& word) {
    const std::size_t equals = word.find('=');
    const Option& option = find(word.substr(0, equals));
    std::optional<std::string> value;
    if (equals != std::string::npos) value = word.substr(equals + 1);
    if (value && option.value.empty())
      throw UsageError("option '--" + option.name + "' takes no value");
    take(option, value, "--" + option.name);
  }

  void read_letters(const std::string& word) {
    for (std::size_t at = 1; at < word.size(); ++at) {
      const auto option = std::find_if(options_.begin(), options_.end(),
                                       [&](const Option& o) { return o.letter == word[at]; });
      const std::string shown = std::string("-") + word[at];
      if (option == options_.end()) throw UsageError("unknown option '" + shown + "'");
      std::optional<std::string> rest;
      if (!option->value.empty() && at + 1 < word.size()) rest = word.substr(at + 1);
      take(*option, rest, shown);
      if (rest) return;
    }
  }

  // By its whole name or by a beginning that no other has.
  const Option& find(const std::string& word) const {
    const std::string_view name = std::string_view(word).substr(2);
    const Option* found = nullptr;
    for (const Option& option : options_) {
      if (option.name == name) return option;
      if (!option.name.starts_with(name)) continue;
      if (found != nullptr)
        throw UsageError("option '" + word + "' could be '--" + found->name + "' or '--" +
                         option.name + "'");
      found = &option;
    }
    if (found == nullptr) throw UsageError("unknown option '" + word + "'");
    return *found;
  }

  void take(const Option& option, std::optional<std::string> value, const std::string& shown) {
    list_open_ = option.list;
    if (option.list) {
      lists_.push_back({&option, {}});
      if (value) lists_.back().words.push_back(*value);
      return;
    }
    if (!option.value.empty() && !value) {
      if (next_ == arguments_.size()) throw UsageError("option '" + shown + "' needs a value");
      value = arguments_[next_++];
    }
    if (option.name == kHelpOption)
      result_.answer = help_text(table_);
    else if (option.name == kVersionOption)
      result_.answer = table_.program + " " + std::string(kVersion) + "\n";
    else if (option.name == kCompletionOption)
      result_.answer = shell_completion(table_, *value);
    else
      option.set(value.value_or(""));
  }

  void set_lists() {
    if (!lists_.empty() && result_.words.empty()) give_back_words(lists_.back().words);
    for (const List& list : lists_) {
      if (list.words.empty())
        throw UsageError("option '--" + list.option->name + "' needs a value");
      for (const std::string& word : list.words) list.option->set(word);
    }
  }

  void give_back_words(std::vector<std::string>& list) {
    if (!table_.words_behind_list || list.empty()) return;
    const auto count = std::min(table_.words_behind_list(list.back()), list.size());
    result_.words.assign(list.end() - static_cast<long>(count), list.end());
    list.erase(list.end() - static_cast<long>(count), list.end());
  }

  const OptionTable& table_;
  const std::vector<Option> options_;
  const std::vector<std::string>& arguments_;
  std::size_t next_ = 0;
  CommandLine result_;
  std::vector<List> lists_;
  bool list_open_ = false;  // words go to the last of them
};

std::string left_column(const Option& option) {
  std::string text = option.letter != 0 ? std::string("  -") + option.letter + ", " : "      ";
  text += "--" + option.name;
  if (!option.value.empty()) text += " " + option.value;
  return text + (option.list ? "..." : "");
}

std::string help_row(const Option& option) {
  std::string row = left_column(option);
  if (row.size() + 1 > kHelpColumn) row += "\n" + std::string(kHelpColumn, ' ');
  bool first = true;
  for (const std::string_view line : wrap(option.help, kHelpWidth)) {
    if (!first) row += "\n";
    const std::size_t indent = row.size() - (row.rfind('\n') + 1);
    row.append(kHelpColumn - std::min(indent, kHelpColumn), ' ').append(line);
    first = false;
  }
  return row + "\n";
}

}  // namespace

CommandLine read_command_line(const OptionTable& table, const std::vector<std::string>& arguments) {
  return Reader(table, arguments).read();
}

std::string help_text(const OptionTable& table) {
  std::string text = "Usage: " + table.program + " " + table.synopsis + "\n";
  for (const std::string_view line : wrap(table.purpose, 79)) text.append(line).append("\n");
  text += "\n";
  for (const Option& option : all_options(table)) text += help_row(option);
  return table.closing.empty() ? text : text + "\n" + table.closing + "\n";
}

std::uint64_t number_value(const std::string& what, const std::string& text, std::uint64_t least,
                           std::uint64_t most) {
  const auto value = decimal<std::uint64_t>(text);
  if (!value || *value < least || *value > most)
    throw UsageError(what + " must be a whole number from " + std::to_string(least) + " to " +
                     std::to_string(most) + ", not '" + text + "'");
  return *value;
}

std::string value_not_empty(const std::string& what, const std::string& text) {
  if (text.empty()) throw UsageError(what + " must not be empty");
  return text;
}

}  // namespace talk
