#include "common/files/publish_group.h"

#include <sys/stat.h>

#include <exception>
#include <map>
#include <utility>

#include "common/posix/error.h"

namespace talk {
namespace {

// 32 were no faster; 8 took twice as long.
constexpr unsigned kThreads = 16;
// So many are worth the wait; the first of them waits for the last.
constexpr std::size_t kEnough = 64;

using Place = std::pair<dev_t, ino_t>;

Place place_of(const PartialFile& file) {
  struct stat status {};
  if (::fstat(file.directory(), &status) != 0) throw_errno("look at the directory");
  return {status.st_dev, status.st_ino};
}

}  // namespace

PublishGroup::PublishGroup() : parallel_(kThreads) {}

void PublishGroup::add(PartialFile& file, std::uint32_t crc, PartialFile::Remembered remembered,
                       Then then) {
  entries_.push_back({&file, crc, remembered, std::move(then), {}});
}

DiskThread::Done PublishGroup::came(const DiskThread::Turn& turn) {
  const bool last = --expected_ == 0;
  return last || entries_.size() >= kEnough ? publish(turn) : nullptr;
}

// One file's failure is its own.
void PublishGroup::attempt(Entry& entry, const std::function<void()>& step) {
  if (!entry.outcome.problem.empty()) return;
  try {
    step();
  } catch (const ChecksumError& error) {
    entry.outcome = {{}, error.what(), true};
  } catch (const std::exception& error) {
    entry.outcome = {{}, error.what(), false};
  }
}

DiskThread::Done PublishGroup::publish(const DiskThread::Turn&) {
  std::vector<Entry> entries = std::exchange(entries_, {});
  for (Entry& entry : entries) attempt(entry, [&] { entry.file->verify(entry.crc); });
  parallel_.for_each(entries.size(), [&](std::size_t i) {
    attempt(entries[i], [&] { entries[i].file->make_durable(); });
  });
  for (Entry& entry : entries)
    attempt(entry, [&] { entry.outcome.name = entry.file->take_name(entry.remembered); });
  sync_directories(entries);
  std::vector<DiskThread::Done> done;
  done.reserve(entries.size());
  for (Entry& entry : entries) done.push_back(entry.then(entry.outcome));
  return [done = std::move(done)] {
    for (const DiskThread::Done& one : done)
      if (one) one();
  };
}

// Each once, after all names in it. What is wrong with one is wrong with all files there.
void PublishGroup::sync_directories(std::vector<Entry>& entries) {
  std::map<Place, std::string> problems;
  for (Entry& entry : entries)
    attempt(entry, [&] {
      const auto [at, first] = problems.try_emplace(place_of(*entry.file));
      if (first) attempt(entry, [&] { entry.file->sync_directory(); });
      if (first) at->second = entry.outcome.problem;
      if (!at->second.empty()) entry.outcome = {{}, at->second, false};
    });
}

}  // namespace talk
