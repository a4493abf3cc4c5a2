#include "common/session/transcript.h"

#include <fcntl.h>

#include <array>
#include <ctime>

#include "common/posix/error.h"
#include "common/posix/io.h"
#include "common/screen/entry.h"

namespace talk {
namespace {

std::string format(std::chrono::system_clock::time_point time, const char* how) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
  std::tm utc{};
  ::gmtime_r(&seconds, &utc);
  std::array<char, 64> text{};
  return {text.data(), std::strftime(text.data(), text.size(), how, &utc)};
}

}  // namespace

std::string rfc3339(std::chrono::system_clock::time_point time) {
  return format(time, "%Y-%m-%dT%H:%M:%SZ");
}

Transcript::Transcript(const std::string& directory, const std::string& session,
                       std::chrono::system_clock::time_point start)
    : path_(directory + "/" + format(start, "%Y-%m-%dT%H%M%SZ") + "-" + session + ".txt") {
  file_.reset(::open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!file_) throw_errno("open the transcript " + path_);
}

void Transcript::add(const Entry& entry) {
  write_all(file_.get(), rfc3339(entry.when) + " " + entry_line(entry) + "\n",
            "write the transcript " + path_);
}

}  // namespace talk
