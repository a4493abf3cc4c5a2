#include "common/desk/departures.h"

#include <sys/stat.h>

#include <algorithm>
#include <utility>

namespace talk {
namespace {

using SystemClock = std::chrono::system_clock;

SystemClock::time_point last_change(int directory) {
  struct stat status {};
  if (::fstat(directory, &status) != 0) return {};
  const auto since_epoch =
      seconds(status.st_mtim.tv_sec) + std::chrono::nanoseconds(status.st_mtim.tv_nsec);
  return SystemClock::time_point(std::chrono::duration_cast<SystemClock::duration>(since_epoch));
}

}  // namespace

Departures::Departures(const std::string& directory) : directory_(directory) {
  if (directory_) present_ = list();
}

std::optional<Time> Departures::look() {
  constexpr seconds kTick{1};  // a file system's clock is coarse: so young, there may be more
  if (!directory_) return std::nullopt;
  const SystemClock::time_point changed = last_change(directory_.directory());
  if (changed == changed_) return std::nullopt;
  const SystemClock::duration age =
      std::max(SystemClock::now() - changed, SystemClock::duration::zero());
  changed_ = age > kTick ? changed : SystemClock::time_point();
  const std::set<std::string> before = std::exchange(present_, list());
  const bool all_there =
      std::includes(present_.begin(), present_.end(), before.begin(), before.end());
  if (all_there) return std::nullopt;
  return Clock::now() - std::chrono::duration_cast<Clock::duration>(age);
}

std::set<std::string> Departures::list() {
  std::set<std::string> names;
  directory_.rewind();
  while (const dirent* entry = directory_.next()) names.insert(entry->d_name);
  return names;
}

}  // namespace talk
