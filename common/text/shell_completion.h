// What a shell reads to complete a program's command line, made from the program's table of
// options. Pure.
#pragma once

#include <string>

#include "common/text/option_table.h"

namespace talk {

// `shell` is bash, zsh or fish; UsageError for any other. What a value is, is told by what --help
// calls it: DIR is a directory, PATH and FILE are files, and its choices are offered as words.
std::string shell_completion(const OptionTable& table, const std::string& shell);

}  // namespace talk
