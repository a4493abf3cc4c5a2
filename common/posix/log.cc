#include "common/posix/log.h"

#include <unistd.h>

#include <array>
#include <ctime>

#include "common/posix/error.h"
#include "common/posix/io.h"

namespace talk {

void log_event(const std::string& event) {
  const std::time_t now = std::time(nullptr);
  std::tm local{};
  ::localtime_r(&now, &local);
  std::array<char, 32> time{};
  std::size_t size = std::strftime(time.data(), time.size(), "%Y-%m-%dT%H:%M:%S%z", &local);
  std::string line(time.data(), size);
  if (line.size() > 2) line.insert(line.size() - 2, 1, ':');  // +0000 is +00:00 in RFC 3339
  line += " " + event + "\n";
  try {
    write_all(STDERR_FILENO, line, "write the log");
  } catch (const std::system_error&) {
    // Visitors are served also where nobody can read of it.
  }
}

}  // namespace talk
