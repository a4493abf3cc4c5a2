// A program's command line, read by its table of options; and --help, made from the same rows.
// Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/text/option_table.h"

namespace talk {

struct CommandLine {
  std::vector<std::string> words;     // those that are neither options nor their values
  std::optional<std::string> answer;  // to --help and its like: to be printed, and nothing done
};

// Reads the words as getopt_long() does: `--name=value` or `--name value`, long names shortened
// where that is clear, `-nvalue` or `-n value`, letters without values together, words between
// the options, and words only behind `--`. Throws UsageError.
CommandLine read_command_line(const OptionTable& table, const std::vector<std::string>& arguments);

std::string help_text(const OptionTable& table);

// Values. `what` names the option or word. Throw UsageError.
std::uint64_t number_value(const std::string& what, const std::string& text, std::uint64_t least,
                           std::uint64_t most);
std::string value_not_empty(const std::string& what, const std::string& text);

}  // namespace talk
