// How a failed system call is told: what was being done, to what, and why it failed.
#pragma once

#include <cerrno>
#include <stdexcept>
#include <string>
#include <system_error>

namespace talk {

// Wrong use of the command line: the program ends with exit code 2.
struct UsageError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Ends the program with an exit code of the caller's choice.
struct ExitError : std::runtime_error {
  ExitError(int exit_code, const std::string& what) : std::runtime_error(what), code(exit_code) {}
  int code;
};

// Throws std::system_error for `error`, reading "doing: reason".
[[noreturn]] inline void throw_error(int error, const std::string& doing) {
  throw std::system_error(error, std::generic_category(), doing);
}

[[noreturn]] inline void throw_errno(const std::string& doing) { throw_error(errno, doing); }

inline std::string error_text(int error) { return std::generic_category().message(error); }

}  // namespace talk
