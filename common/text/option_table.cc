#include "common/text/option_table.h"

namespace talk {

std::vector<Option> all_options(const OptionTable& table) {
  std::vector<Option> options = table.options;
  options.push_back({kHelpOption, 'h', "", "show this and exit", {}});
  options.push_back({kVersionOption, 'V', "", "show the version and exit", {}});
  options.push_back({kCompletionOption,
                     0,
                     "SHELL",
                     "print what bash, zsh or fish reads to complete this command, and exit",
                     {},
                     false,
                     {"bash", "zsh", "fish"}});
  return options;
}

}  // namespace talk
