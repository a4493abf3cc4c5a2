// Keeps what was said in one session in a file of its own, one line an event, within a limit.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include "common/posix/owned_fd.h"
#include "common/screen/screen.h"

namespace talk {

struct TranscriptFile {
  std::string path;
  OwnedFd file;
};

// Creates `directory`/2026-11-21T093000Z-3.txt (start and session number), for its owner's eyes
// only; where another server has a session of that name, …-3-2.txt and so on: two talks are never
// in one file. Throws std::system_error.
TranscriptFile create_transcript(const std::string& directory, const std::string& session,
                                 std::chrono::system_clock::time_point start);

class Transcript {
 public:
  // Room for a day of talk, and little enough that no visitor fills the disk with chatter.
  static constexpr std::uint64_t kLimit = std::uint64_t{16} << 20;  // bytes

  // `create` is asked for the file when the first line is to be kept: a session of which nothing
  // is to be kept leaves none.
  using Create = std::function<TranscriptFile()>;
  explicit Transcript(Create create, std::uint64_t limit = kLimit);
  // Says at the end of the file how much was left out, if anything was.
  ~Transcript();
  Transcript(const Transcript&) = delete;
  Transcript& operator=(const Transcript&) = delete;

  // Each line goes to the file at once, as long as it fits into the limit; from the first that does
  // not, the rest is counted only. False for that first one. Throws std::system_error (a full
  // disk), and what `create` throws.
  bool add(const Entry& entry);

  const std::string& path() const { return file_.path; }  // empty before the first line

 private:
  void write(const std::string& line);

  Create create_;
  TranscriptFile file_;
  std::uint64_t room_;          // bytes
  std::uint64_t left_out_ = 0;  // lines
};

}  // namespace talk
