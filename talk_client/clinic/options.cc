#include "talk_client/clinic/options.h"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <sstream>
#include <stdexcept>

#include "common/posix/error.h"
#include "common/text/decimal.h"
#include "talk_client/clinic/case.h"

namespace talk::clinic {
namespace {

// "talk, echo or store"
std::string kinds_in_words() {
  std::string words;
  for (const std::string& kind : kinds())
    words += (words.empty() ? "" : kind == kinds().back() ? " or " : ", ") + kind;
  return words;
}

void check_kind(const std::string& kind) {
  if (std::ranges::find(kinds(), kind) == kinds().end())
    throw UsageError("KIND must be " + kinds_in_words() + ", not '" + kind + "'");
}

std::string names_of(const std::vector<Case>& cases) {
  std::string names;
  for (const Case& one : cases) names += (names.empty() ? "" : ", ") + one.id;
  return names;
}

void check_cases(const ClinicOptions& options) {
  const auto cases = options.serve ? client_cases(options.kind) : server_cases(options.kind);
  for (const std::string& name : options.cases)
    if (std::ranges::find(cases, name, &Case::id) == cases.end())
      throw UsageError("there is no case '" + name + "' of " + options.kind + ", but " +
                       names_of(cases));
}

void check_together(const ClinicOptions& options) {
  if (options.serve && !options.list.empty())
    throw UsageError("--serve and --list exclude each other");
  if (options.serve && !options.directory.empty() && options.kind != "fetch")
    throw UsageError("--dir is about a server, or about a client of fetch");
  if (!options.serve && !options.expect.empty())
    throw UsageError("--expect is about a client: it needs --serve");
  if (!options.list.empty() && !options.directory.empty())
    throw UsageError("--dir is about one server, --list about many");
}

// What is named must be there: a run without it would find what is not so.
void check_files(const ClinicOptions& options) {
  if (!options.file.empty() && (options.serve || options.kind != "fetch"))
    throw UsageError("--file is about a server of fetch");
  if (!options.expect.empty()) check_readable("--expect", options.expect);
  if (options.directory.empty()) return;
  check_readable("--dir", options.directory);
  if (!std::filesystem::is_directory(options.directory))
    throw UsageError("--dir: '" + options.directory + "' is no directory");
  if (!options.file.empty()) check_readable("--file", options.directory + "/" + options.file);
}

}  // namespace

void check_readable(const std::string& option, const std::string& path) {
  if (::access(path.c_str(), R_OK) == 0) return;
  const std::string why = std::generic_category().message(errno);
  throw UsageError(option + ": cannot open '" + path + "': " + why);
}

OptionTable clinic_option_table(ClinicOptions& o) {
  const auto text = [](std::string& place) {
    return [&place](const std::string& value) { place = value_not_empty("the value", value); };
  };
  return {
      "talk_clinic",
      "KIND [OPTION]... HOST PORT\n"
      "       talk_clinic KIND [OPTION]... --serve PORT\n"
      "       talk_clinic KIND [OPTION]... --list FILE",
      "Examine somebody's server, or client, of an exercise, and say what usually is behind what\n"
      "goes wrong. KIND is " +
          kinds_in_words() + ".",
      {
          {"serve", 0, "PORT", "examine a client: each time it is started is the next case",
           [&o](const std::string& value) {
             o.serve = static_cast<std::uint16_t>(number_value("--serve", value, 0, 65535));
           }},
          {"list", 0, "FILE", "examine many servers: a line NAME HOST PORT each", text(o.list)},
          {"case", 0, "NAME", "try this case only (and the first, on which all depend); repeatable",
           [&o](const std::string& value) { o.cases.push_back(value); }},
          {"quick", 0, "", "leave the load and the long silences out; one minute at most",
           [&o](const std::string&) { o.quick = true; }},
          {"timeout", 0, "SECONDS", "for one answer (default 5)",
           [&o](const std::string& value) {
             o.timeout = seconds(number_value("--timeout", value, 1, 600));
           }},
          {"delay", 0, "MS", "between pieces (default 20)",
           [&o](const std::string& value) {
             o.delay = milliseconds(number_value("--delay", value, 0, 10'000));
           }},
          {"dir", 0, "DIR", "where the examined program, on this machine, keeps its files",
           text(o.directory)},
          {"file", 0, "NAME", "a file that the examined fetcher has", text(o.file)},
          {"expect", 0, "FILE", "what the examined client is to send", text(o.expect)},
          {"tap", 0, "", "print TAP 14 instead of a page",
           [&o](const std::string&) { o.tap = true; }},
          {"junit", 0, "FILE", "write a JUnit report", text(o.junit)},
          {"html", 0, "FILE", "write a page for a browser", text(o.html)},
      },
      "Findings weigh: fails, fragile (works until the network behaves differently), differs\n"
      "(works, but not as specified). Exit code: 0 all well or only differences, 1 failed,\n"
      "2 wrong usage, 3 cannot connect, 5 something fails or is fragile.",
      {},
      kinds()};
}

ClinicOptions parse_clinic_options(const std::vector<std::string>& arguments) {
  ClinicOptions options;
  const CommandLine line = read_command_line(clinic_option_table(options), arguments);
  options.answer = line.answer;
  if (line.answer) return options;
  const std::vector<std::string>& words = line.words;
  if (words.empty()) throw UsageError("KIND is missing");
  options.kind = words[0];
  check_kind(options.kind);
  check_together(options);
  const bool one = !options.serve && options.list.empty();
  const std::size_t wanted = one ? 3 : 1;
  if (words.size() < wanted)
    throw UsageError(words.size() == 1 ? "HOST and PORT are missing (or --serve, or --list)"
                                       : "PORT is missing");
  if (words.size() > wanted) throw UsageError("there is no use for '" + words[wanted] + "'");
  if (one) {
    options.subject = {"", value_not_empty("HOST", words[1]), words[2]};
    number_value("PORT", words[2], 1, 65535);
  }
  check_cases(options);
  check_files(options);
  return options;
}

std::vector<Subject> parse_list(const std::string& text) {
  std::vector<Subject> subjects;
  std::istringstream lines(text);
  int number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    std::istringstream words(line);
    Subject subject;
    std::string more;
    if (!(words >> subject.name) || subject.name.starts_with('#')) continue;
    const bool whole = static_cast<bool>(words >> subject.host >> subject.port) && !(words >> more);
    const auto port = decimal<std::uint16_t>(subject.port);
    if (!whole || !port || *port == 0)
      throw std::runtime_error("line " + std::to_string(number) + " is not NAME HOST PORT");
    subjects.push_back(subject);
  }
  if (subjects.empty()) throw std::runtime_error("it names nobody");
  return subjects;
}

}  // namespace talk::clinic
