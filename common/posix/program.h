// What every program's main() does around its own work: turn exceptions into the one line on
// stderr and the exit code that are promised for them.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace talk {

inline constexpr std::string_view kVersion = "1.0";

// Whether an ERROR line waits for whoever reads it. That of a process which shares the listener's
// stderr does not: a reader of the log who stalls would keep the session from its end.
enum class ErrorLine { waits, never_waits };

// Opens /dev/null for those of the standard three that this process was started without: no file
// that is opened later may become one of them. `fails`: using them is an error, as it was before;
// `is_dropped`: what is written there is lost, and nothing is read (also where `fails` came first).
enum class Absent { fails, is_dropped };
void fill_standard_streams(Absent absent);

// Fills the standard streams (Absent::fails), runs `body` and returns the process's exit code: what
// body returned, or 2 for a UsageError, an ExitError's own code, 1 for any other exception.
// `program` is named in the usage hint.
int run_program(const std::string& program, ErrorLine how, const std::function<int()>& body);
inline int run_program(const std::string& program, const std::function<int()>& body) {
  return run_program(program, ErrorLine::waits, body);
}

// Writes to stdout and makes sure that it arrived (a full disk is an error); for --help, --version.
void print_out(std::string_view text);

// One `ERROR: …` line on stderr. The caller has made foreign text safe.
void print_error(const std::string& what, ErrorLine how = ErrorLine::waits);

}  // namespace talk
