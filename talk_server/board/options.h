// What the command line of talk_desk asks for.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/text/options.h"

namespace talk {

struct BoardOptions {
  enum class Task { board, list, say, close, raise };
  std::optional<std::string> answer;  // to --help or --version: to be printed, and nothing done
  std::string server;                 // as the register has it; empty: the one that runs
  std::string called;                 // the same as it was typed
  Task task = Task::board;
  bool json = false;
  std::optional<std::uint64_t> session;  // none: all
  std::string text;                      // what is to be said, or why it is closed
};

OptionTable board_option_table(BoardOptions& options);

// Throws UsageError.
BoardOptions parse_board_options(const std::vector<std::string>& arguments);

}  // namespace talk
