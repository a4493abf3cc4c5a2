#include "common/posix/program.h"

#include <unistd.h>

#include <exception>

#include "common/posix/error.h"
#include "common/posix/io.h"
#include "common/posix/log.h"

namespace talk {

int run_program(const std::string& program, ErrorLine how, const std::function<int()>& body) {
  try {
    return body();
  } catch (const UsageError& error) {
    print_error(std::string(error.what()) + " (try '" + program + " --help')", how);
    return 2;
  } catch (const ExitError& error) {
    print_error(error.what(), how);
    return error.code;
  } catch (const std::exception& error) {
    print_error(error.what(), how);
    return 1;
  }
}

void print_out(std::string_view text) {
  write_all(STDOUT_FILENO, text, "write to standard output");
}

void print_error(const std::string& what, ErrorLine how) {
  const std::string text = "ERROR: " + what;
  if (how == ErrorLine::never_waits) {
    LogSink::standard_error().write(text.substr(0, LogSink::kLongest - 1) + "\n");
    return;
  }
  try {
    write_all(STDERR_FILENO, text + "\n", "write to standard error");
  } catch (const std::system_error&) {
    // There is nowhere left to say it; the exit code still does.
  }
}

}  // namespace talk
