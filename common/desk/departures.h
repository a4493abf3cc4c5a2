// When another session of the same server was last taken out of the register, which comes before
// its window goes: whatever has the keyboard next need not have been given it by the person.
#pragma once

#include <chrono>
#include <optional>
#include <set>
#include <string>

#include "common/posix/clock.h"
#include "common/posix/directory_entries.h"

namespace talk {

class Departures {
 public:
  // Opens the directory at once: later its process may open nothing any more. Where it cannot be
  // opened nobody is seen to leave.
  explicit Departures(const std::string& directory);

  // When, if somebody has left since the last call.
  std::optional<Time> look();

 private:
  std::set<std::string> list();

  DirectoryEntries directory_;                       // listed again and again
  std::chrono::system_clock::time_point changed_{};  // as it was when it was listed
  std::set<std::string> present_;
};

}  // namespace talk
