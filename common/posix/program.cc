#include "common/posix/program.h"

#include <fcntl.h>
#include <unistd.h>

#include <exception>

#include "common/posix/error.h"
#include "common/posix/io.h"
#include "common/posix/log.h"

namespace talk {

void fill_standard_streams(Absent absent) {
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; ++fd) {
    const int wrong_way = fd == STDIN_FILENO ? O_WRONLY : O_RDONLY;
    const int mode = ::fcntl(fd, F_GETFL);
    const bool of_no_use = mode >= 0 && (mode & O_ACCMODE) == wrong_way;
    if (mode >= 0 && (absent == Absent::fails || !of_no_use)) continue;
    const int null = ::open("/dev/null", absent == Absent::fails ? wrong_way : O_RDWR);
    if (null < 0 || null == fd) continue;
    ::dup2(null, fd);
    ::close(null);
  }
}

int run_program(const std::string& program, ErrorLine how, const std::function<int()>& body) {
  fill_standard_streams(Absent::fails);
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
