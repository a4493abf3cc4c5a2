// One table of options for each program: its command line is read by it, and whatever lists the
// options (--help, completion in shells, the check of a manual page) is made from the same rows.
// Pure.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace talk {

struct Option {
  std::string name;  // the long form without its dashes: "max-sessions"
  char letter;       // the short form; 0: none
  // What --help calls the value: "N"; empty: the option takes none. In a shell one with DIR in it
  // is completed by directories, with PATH or FILE by files.
  std::string value;
  std::string help;  // one sentence or two, on one line
  // Called with the value in the order of the command line. May throw UsageError.
  std::function<void(const std::string& value)> set;
  // Every word up to the next option is a value of this one; at least one is needed.
  bool list = false;
  std::vector<std::string> choices = {};  // what the value may be, or mostly is; for completion
};

struct OptionTable {
  std::string program;          // "talk_client"
  std::string synopsis;         // what follows the program's name in "Usage: "
  std::string purpose;          // a sentence or two
  std::vector<Option> options;  // without those that every program has: --help and its like
  std::string closing = {};     // stands behind the options; empty: nothing does
  // Where no words stand by themselves, so many last words of a list are not the list's; the very
  // last one is given. Unset: none.
  std::function<std::size_t(const std::string& last)> words_behind_list = {};
  std::vector<std::string> words = {};  // what a word that stands by itself may be; for completion
};

// Those that every program has.
inline constexpr const char* kHelpOption = "help";
inline constexpr const char* kVersionOption = "version";
inline constexpr const char* kCompletionOption = "completion";

// The table's own, and those.
std::vector<Option> all_options(const OptionTable& table);

}  // namespace talk
