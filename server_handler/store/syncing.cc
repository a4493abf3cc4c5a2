// Group commit: one process syncs for all whose records were appended by then; the others wait for
// its news, and one of those that came too late is the next.
//
// After a sync that failed nothing is believed that it was to bring onto the disk: the kernel may
// have dropped those pages, and a second sync would succeed without them (PostgreSQL's lesson of
// 2018). What was appended since the last good one is taken back, for nobody was told OK, and the
// next change writes the whole log anew (compaction.cc), which a broken disk refuses.
#include <unistd.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "common/posix/error.h"
#include "server_handler/store/database_log.h"
#include "server_handler/store/store.h"

namespace talk {
namespace {

// Then the process that was syncing may be dead, and its lock is to be had.
constexpr milliseconds kSyncPatience{50};
// Then it may be stopped, and everyone syncs alone.
constexpr seconds kLongestSync{1};

void raise(std::atomic<std::uint64_t>& value, std::uint64_t to) {
  std::uint64_t before = value;
  while (before < to && !value.compare_exchange_weak(before, to)) {
  }
}

}  // namespace

void Store::sync() {
  StoreHeader& shared = header();
  if (std::exchange(struck_, false) && ::fdatasync(log_.get()) != 0) distrust(errno);
  while (true) {
    const std::uint32_t seen = shared.sync_news.seen();
    if (shared.synced >= unsynced_) return;
    if (shared.distrusted) throw_error(EIO, "bring the database to disk");
    if (shared.sync.try_lock()) {
      const RobustLock leading(shared.sync, std::adopt_lock);
      shared.sync_began = Clock::now();
      sync_for_all();
    } else if (Clock::now() - shared.sync_began.load() <= kLongestSync) {
      shared.sync_news.wait(seen, kSyncPatience);
      continue;
    } else {
      sync_for_all();
    }
    shared.sync_news.announce();  // without the lock: one of those who wake takes it next
  }
}

void Store::sync_for_all() {
  StoreHeader& shared = header();
  if (shared.synced >= unsynced_ || shared.distrusted) return;  // another came before
  const std::uint64_t appended = shared.end;
  if (::fdatasync(log_.get()) != 0) distrust(errno);
  if (!shared.named) {
    if (::fsync(dir_.get()) != 0) distrust(errno);
    shared.named = true;
  }
  raise(shared.synced, appended);
}

void Store::distrust(int error) {
  header().distrusted = true;
  try {
    const RobustLock held = hold();
    if (!header().replaced) roll_back();
  } catch (const Busy&) {
    // It stays in force until somebody compacts: nobody is told OK for it, or that it was not done.
    throw std::runtime_error("take back what the disk did not keep: the database is busy");
  }
  header().sync_news.announce();
  throw_error(error, "bring the database to disk");
}

// With the lock: to what is known to be on disk, or was there before any session wrote.
void Store::roll_back() {
  StoreHeader& shared = header();
  const std::uint64_t kept = std::max(shared.synced.load(), shared.found);
  // Where it cannot be cut, the index alone says how far it counts.
  [[maybe_unused]] const int cut = ::ftruncate(log_.get(), static_cast<off_t>(kept));
  const TableChange changing(shared.changes);
  index_->clear();
  // What is not understood was told when the database was opened.
  [[maybe_unused]] const UnreadLines unread = index_log(log_.get(), shared.form, kept, *index_);
  shared.seen = state_of(log_.get());
}

}  // namespace talk
