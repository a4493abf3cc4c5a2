// Keeps what was said in one session in a file of its own, one line an event.
#pragma once

#include <chrono>
#include <string>

#include "common/posix/owned_fd.h"
#include "common/screen/screen.h"

namespace talk {

class Transcript {
 public:
  // Creates `directory`/2026-11-21T093000Z-3.txt (start and session number), for its owner's eyes
  // only; a file of that name is appended to. Throws std::system_error.
  Transcript(const std::string& directory, const std::string& session,
             std::chrono::system_clock::time_point start);

  // Each line goes to the file at once. Throws std::system_error (a full disk).
  void add(const Entry& entry);

 private:
  OwnedFd file_;
  std::string path_;
};

// "2026-11-21T09:30:00Z"
std::string rfc3339(std::chrono::system_clock::time_point time);

}  // namespace talk
