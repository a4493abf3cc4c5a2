#include "common/session/transcript.h"

#include <fcntl.h>

#include <cerrno>

#include "common/posix/error.h"
#include "common/posix/io.h"
#include "common/screen/entry.h"
#include "common/text/utc.h"

namespace talk {
namespace {

// Sessions of one number that began in one second: as many as there are servers.
constexpr int kMostNames = 1000;

}  // namespace

Transcript::Transcript(const std::string& directory, const std::string& session,
                       std::chrono::system_clock::time_point start, std::uint64_t limit)
    : room_(limit) {
  const std::string stem = directory + "/" + utc_text(start, "%Y-%m-%dT%H%M%SZ") + "-" + session;
  for (int number = 1; !file_ && number <= kMostNames; ++number) {
    path_ = stem + (number == 1 ? "" : "-" + std::to_string(number)) + ".txt";
    file_.reset(::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0600));
    if (!file_ && errno != EEXIST) break;
  }
  if (!file_) throw_errno("open the transcript " + path_);
}

Transcript::~Transcript() {
  if (left_out_ == 0) return;
  try {
    write(rfc3339(std::chrono::system_clock::now()) +
          " -- the transcript was full: " + std::to_string(left_out_) + " lines were left out\n");
  } catch (const std::system_error&) {
    // The disk is full too: the last line of the file still says that there was more.
  }
}

bool Transcript::add(const Entry& entry) {
  const std::string line = rfc3339(entry.when) + " " + entry_line(entry) + "\n";
  const bool first = left_out_ == 0;
  if (first && line.size() <= room_) {
    room_ -= line.size();
    write(line);
    return true;
  }
  ++left_out_;
  if (first) write(rfc3339(entry.when) + " -- the transcript is full: what follows is left out\n");
  return !first;
}

void Transcript::write(const std::string& line) {
  write_all(file_.get(), line, "write the transcript " + path_);
}

}  // namespace talk
