// What the command line of talk_clinic asks for.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/posix/clock.h"
#include "common/text/options.h"

namespace talk::clinic {

// A server to be examined.
struct Subject {
  std::string name;  // empty: its place
  std::string host;
  std::string port;
};

struct ClinicOptions {
  std::optional<std::string> answer;  // to --help or --version: to be printed, and nothing done
  std::string kind;
  Subject subject;
  std::string list;  // a file of subjects instead
  std::optional<std::uint16_t> serve;
  std::vector<std::string> cases;  // empty: all
  seconds timeout{5};
  milliseconds delay{20};
  bool quick = false;
  bool tap = false;
  std::string junit;
  std::string html;
  std::string directory;
  std::string file;
  std::string expect;
};

// The options, whose values go into `options`; it must live as long as they are read.
OptionTable clinic_option_table(ClinicOptions& options);

// Throws UsageError.
ClinicOptions parse_clinic_options(const std::vector<std::string>& arguments);

// Throws UsageError where the file that an option names cannot be read.
void check_readable(const std::string& option, const std::string& path);

// The lines `NAME HOST PORT` of a list; empty ones and those that begin with # are none. Throws
// std::runtime_error where one is not so.
std::vector<Subject> parse_list(const std::string& text);

}  // namespace talk::clinic
