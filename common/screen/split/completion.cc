#include "common/screen/split/completion.h"

#include <algorithm>
#include <system_error>

#include "common/text/command.h"
#include "common/text/words.h"

namespace talk {
namespace {

// The longest beginning that all share.
std::string common_beginning(const std::vector<std::string>& words) {
  std::string shared = words.empty() ? "" : words[0];
  for (const std::string& word : words) {
    const auto end = std::mismatch(shared.begin(), shared.end(), word.begin(), word.end()).first;
    shared.erase(end, shared.end());
  }
  const auto splits_a_character = [&](const std::string& word) {
    return (static_cast<unsigned char>(word[shared.size()]) & 0xC0) == 0x80;
  };
  while (!shared.empty() && std::any_of(words.begin(), words.end(), splits_a_character))
    shared.pop_back();
  return shared;
}

bool is_control(char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; }

std::vector<std::string> that_begin(const std::vector<std::string>& words,
                                    const std::string& part) {
  std::vector<std::string> fitting;
  for (const std::string& word : words)
    if (word.starts_with(part)) fitting.push_back(word);
  std::sort(fitting.begin(), fitting.end());
  return fitting;
}

Completion complete_command(const std::string& before) {
  std::vector<std::string> fitting = command_names();
  std::erase_if(fitting, [part = before.substr(1)](const std::string& name) {
    return !name.starts_with(part);
  });
  if (fitting.empty()) return {before, {}};
  if (fitting.size() == 1) return {"/" + fitting[0] + " ", {}};
  return {"/" + common_beginning(fitting), fitting};
}

Completion complete_file(const std::string& before, const std::string& home,
                         const ListDirectory& list) {
  const OpenWord last = last_word(before);
  const std::string& word = last.word;
  const std::size_t slash = word.rfind('/');
  const std::string shown = slash == std::string::npos ? "" : word.substr(0, slash + 1);
  const std::string part = slash == std::string::npos ? word : word.substr(slash + 1);
  if (word == "~" && !home.empty()) return {before + "/", {}};
  const bool at_home = shown.starts_with("~/") && !home.empty();
  const std::string directory = at_home ? home + shown.substr(1) : shown.empty() ? "." : shown;

  std::vector<std::string> fitting = that_begin(list(directory), part);
  const bool hidden_wanted = part.starts_with('.');
  // What is in a line is typed: a name that holds the Enter key would end it.
  std::erase_if(fitting, [&](const std::string& name) {
    return (name[0] == '.' && !hidden_wanted) || std::any_of(name.begin(), name.end(), is_control);
  });
  if (fitting.empty()) return {before, {}};
  const std::string quote(last.quote == '\0' ? 0 : 1, last.quote);
  const auto completed = [&](const std::string& name) {
    return before.substr(0, last.start) + quote + escape_word(shown + name, last.quote);
  };
  if (fitting.size() > 1) return {completed(common_beginning(fitting)), fitting};
  if (fitting[0].ends_with('/')) return {completed(fitting[0]), {}};
  return {completed(fitting[0]) + quote + " ", {}};
}

}  // namespace

Completion complete(const std::string& before, const std::string& home, const ListDirectory& list) {
  if (is_said(before)) return {before, {}};
  if (before.find(' ') == std::string::npos) return complete_command(before);
  // Of all commands the only one that takes files of this side.
  if (before.starts_with(name_of(Verb::send) + " ")) return complete_file(before, home, list);
  return {before, {}};
}

}  // namespace talk
