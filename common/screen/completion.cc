#include "common/screen/completion.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "common/text/command.h"

namespace talk {
namespace {

// The longest beginning that all share.
std::string common_beginning(const std::vector<std::string>& words) {
  std::string shared = words.empty() ? "" : words[0];
  for (const std::string& word : words) {
    const auto end = std::mismatch(shared.begin(), shared.end(), word.begin(), word.end()).first;
    shared.erase(end, shared.end());
  }
  return shared;
}

std::vector<std::string> that_begin(const std::vector<std::string>& words,
                                    const std::string& part) {
  std::vector<std::string> fitting;
  for (const std::string& word : words)
    if (word.starts_with(part)) fitting.push_back(word);
  std::sort(fitting.begin(), fitting.end());
  return fitting;
}

std::string escaped(const std::string& name) {
  std::string text;
  for (const char c : name) {
    if (std::string(" '\"\\").find(c) != std::string::npos) text += '\\';
    text += c;
  }
  return text;
}

// Where the last word begins: behind a blank that no backslash protects.
std::size_t last_word(const std::string& text) {
  std::size_t start = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\')
      ++i;
    else if (text[i] == ' ')
      start = i + 1;
  }
  return start;
}

std::string unescaped(const std::string& text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) ++i;
    plain += text[i];
  }
  return plain;
}

Completion complete_command(const std::string& before) {
  const std::vector<std::string> fitting = that_begin(command_names(), before.substr(1));
  if (fitting.empty()) return {before, {}};
  if (fitting.size() == 1) return {"/" + fitting[0] + " ", {}};
  return {"/" + common_beginning(fitting), fitting};
}

Completion complete_file(const std::string& before, const std::string& home,
                         const ListDirectory& list) {
  const std::size_t start = last_word(before);
  const std::string word = unescaped(before.substr(start));
  const std::size_t slash = word.rfind('/');
  const std::string shown = slash == std::string::npos ? "" : word.substr(0, slash + 1);
  const std::string part = slash == std::string::npos ? word : word.substr(slash + 1);
  if (word == "~" && !home.empty()) return {before + "/", {}};
  const bool at_home = shown.starts_with("~/") && !home.empty();
  const std::string directory = at_home ? home + shown.substr(1) : shown.empty() ? "." : shown;

  std::vector<std::string> fitting = that_begin(list(directory), part);
  const bool hidden_wanted = part.starts_with('.');
  std::erase_if(fitting, [&](const std::string& name) { return name[0] == '.' && !hidden_wanted; });
  if (fitting.empty()) return {before, {}};
  const std::string completed = before.substr(0, start) + escaped(shown);
  if (fitting.size() == 1) {
    const std::string end = fitting[0].ends_with('/') ? "" : " ";
    return {completed + escaped(fitting[0]) + end, {}};
  }
  return {completed + escaped(common_beginning(fitting)), fitting};
}

}  // namespace

Completion complete(const std::string& before, const std::string& home, const ListDirectory& list) {
  if (!before.starts_with('/') || before.starts_with("//")) return {before, {}};
  if (before.find(' ') == std::string::npos) return complete_command(before);
  if (before.starts_with("/send ")) return complete_file(before, home, list);
  return {before, {}};
}

std::vector<std::string> list_directory(const std::string& directory) {
  std::vector<std::string> names;
  std::error_code error;
  for (std::filesystem::directory_iterator it(directory, error), end; !error && it != end;
       it.increment(error)) {
    std::error_code unknown;
    const bool is_directory = it->is_directory(unknown);
    names.push_back(it->path().filename().string() + (is_directory ? "/" : ""));
  }
  return names;
}

}  // namespace talk
