#include "common/text/shell_completion.h"

#include <string_view>

#include "common/posix/error.h"
#include "common/text/words.h"

namespace talk {
namespace {

enum class Values { none, any, words, directories, files };

Values values_of(const Option& option) {
  if (option.value.empty()) return Values::none;
  if (option.value.find("DIR") != std::string::npos) return Values::directories;
  if (option.value.find("PATH") != std::string::npos ||
      option.value.find("FILE") != std::string::npos)
    return Values::files;
  return option.choices.empty() ? Values::any : Values::words;
}

// In single quotes, as all three shells read them.
std::string shell_quoted(std::string_view text) {
  std::string result = "'";
  for (const char c : text) result += c == '\'' ? "'\\''" : std::string(1, c);
  return result + "'";
}

// ---- bash ----

std::string bash_words(const std::vector<std::string>& words) {
  return "mapfile -t COMPREPLY < <(compgen -W " + shell_quoted(joined(words)) + " -- \"$word\")";
}

std::string bash_values(const Option& option) {
  switch (values_of(option)) {
    case Values::directories:
      return "compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- \"$word\")";
    case Values::files:  // and the words, where there are some; the rest is bash's own default
      return option.choices.empty() ? ":" : bash_words(option.choices);
    case Values::words:
      return bash_words(option.choices);
    case Values::any:
    case Values::none:
      break;
  }
  return "compopt +o default";
}

std::string bash_completion(const OptionTable& table) {
  std::string cases;
  std::vector<std::string> names;
  for (const Option& option : all_options(table)) {
    names.push_back("--" + option.name);
    if (option.value.empty()) continue;
    cases += "    --" + option.name;
    if (option.letter != 0) cases += std::string("|-") + option.letter;
    cases += ") " + bash_values(option) + "; return ;;\n";
  }
  const std::string function = "_" + table.program;
  std::string script = function + "() {\n";
  script += "  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}\n";
  // A word of its own stands for the sign between a name and its value.
  script += "  [[ $word == = ]] && word=\n";
  script += "  [[ $before == = ]] && before=${COMP_WORDS[COMP_CWORD - 2]}\n";
  script += "  COMPREPLY=()\n  case $before in\n" + cases + "  esac\n";
  script += "  if [[ $word == -* ]]; then\n    " + bash_words(names) + "\n";
  if (!table.words.empty()) script += "  else\n    " + bash_words(table.words) + "\n";
  return script + "  fi\n}\ncomplete -o default -F " + function + " " + table.program + "\n";
}

// ---- zsh ----

// A colon or a bracket ends a part of the specification.
std::string zsh_text(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == ':' || c == '[' || c == ']' || c == '\\') result += '\\';
    result += c;
  }
  return result;
}

std::string zsh_values(const Option& option) {
  switch (values_of(option)) {
    case Values::directories:
      return "_files -/";
    case Values::files:
      return option.choices.empty() ? "_files"
                                    : "_alternative \"words:word:(" + joined(option.choices) +
                                          ")\" \"files:file:_files\"";
    case Values::words:
      return "(" + joined(option.choices) + ")";
    case Values::any:
    case Values::none:
      break;
  }
  return " ";
}

std::string zsh_completion(const OptionTable& table) {
  std::string script = "#compdef " + table.program + "\n_arguments -s";
  for (const Option& option : all_options(table)) {
    const std::string help = "[" + zsh_text(option.help) + "]";
    const std::string value =
        option.value.empty() ? "" : ":" + zsh_text(option.value) + ":" + zsh_values(option);
    const std::string again = option.list ? "*" : "";
    const std::string sign = value.empty() ? "" : "=";
    script += " \\\n  " + shell_quoted(again + "--" + option.name + sign + help + value);
    if (option.letter == 0) continue;
    const std::string plus = value.empty() ? "" : "+";
    script += " \\\n  " + shell_quoted(again + "-" + option.letter + plus + help + value);
  }
  const std::string words = table.words.empty() ? "_files" : "(" + joined(table.words) + ")";
  return script + " \\\n  " + shell_quoted("*:word:" + words) + "\n";
}

// ---- fish ----

std::string fish_values(const Option& option) {
  switch (values_of(option)) {
    case Values::none:
      return "";
    case Values::directories:
      return " -x -a '(__fish_complete_directories)'";
    case Values::files:
      return " -r" + (option.choices.empty() ? "" : " -a " + shell_quoted(joined(option.choices)));
    case Values::words:
      return " -x -a " + shell_quoted(joined(option.choices));
    case Values::any:
      break;
  }
  return " -x";
}

std::string fish_completion(const OptionTable& table) {
  const std::string command = "complete -c " + table.program;
  std::string script;
  for (const Option& option : all_options(table)) {
    script += command;
    if (option.letter != 0) script += std::string(" -s ") + option.letter;
    script +=
        " -l " + option.name + fish_values(option) + " -d " + shell_quoted(option.help) + "\n";
  }
  if (!table.words.empty())
    script += command + " -f -a " + shell_quoted(joined(table.words)) + "\n";
  return script;
}

}  // namespace

std::string shell_completion(const OptionTable& table, const std::string& shell) {
  if (shell == "bash") return bash_completion(table);
  if (shell == "zsh") return zsh_completion(table);
  if (shell == "fish") return fish_completion(table);
  throw UsageError("--completion is for bash, zsh or fish, not for '" + shell + "'");
}

}  // namespace talk
