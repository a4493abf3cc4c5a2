#include "common/session/transcript.h"

#include <fcntl.h>

#include <cerrno>
#include <utility>

#include "common/posix/error.h"
#include "common/posix/io.h"
#include "common/screen/entry.h"
#include "common/text/utc.h"

namespace talk {
namespace {

// Sessions of one number that began in one second: as many as there are servers.
constexpr int kMostNames = 1000;

}  // namespace

TranscriptFile create_transcript(const std::string& directory, const std::string& session,
                                 std::chrono::system_clock::time_point start) {
  TranscriptFile made;
  const std::string stem = directory + "/" + utc_text(start, "%Y-%m-%dT%H%M%SZ") + "-" + session;
  for (int number = 1; !made.file && number <= kMostNames; ++number) {
    made.path = stem + (number == 1 ? "" : "-" + std::to_string(number)) + ".txt";
    made.file.reset(
        ::open(made.path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0600));
    if (!made.file && errno != EEXIST) break;
  }
  if (!made.file) throw_errno("open the transcript " + made.path);
  return made;
}

Transcript::Transcript(Create create, std::uint64_t limit)
    : create_(std::move(create)), room_(limit) {}

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
  if (!file_.file) file_ = create_();
  write_all(file_.file.get(), line, "write the transcript " + file_.path);
}

}  // namespace talk
