#include "server_handler/store/store.h"

#include <unistd.h>

#include <algorithm>
#include <utility>

#include "common/posix/error.h"
#include "server_handler/store/appending.h"
#include "server_handler/store/database_log.h"

namespace talk {
namespace {

// Then a reader looks without the lock.
constexpr milliseconds kReadersPatience{200};
// The patience of a session that has just been told busy: a batch is not to wait for each of its
// requests anew.
constexpr milliseconds kPatienceWhenBusy{20};
// Then a session is taken for one that will change much more.
constexpr int kManyChanges = 16;

Store::Change failed_change(int error) {
  return is_full(error) ? Store::Change::disk_full : Store::Change::disk_failed;
}

}  // namespace

RobustLock Store::hold(milliseconds patience) {
  if (std::exchange(busy_, true)) patience = std::min(patience, kPatienceWhenBusy);
  RobustLock held(header().write, patience);
  busy_ = false;
  if (held.owner_died()) retire();  // in the middle of something
  return held;
}

// The lock, and under it the index of the file that is called database.txt now.
RobustLock Store::hold_current(milliseconds patience) {
  while (true) {
    {
      RobustLock held = hold(patience);
      if (!header().replaced && !is_as_left()) {
        if (directory_moved()) throw DirectoryMoved();
        retire();
      }
      if (!header().replaced) return held;
    }
    reopen();
  }
}

// Whether the file of that name is the one that the index tells of. A person may have written to
// it, replaced it as editors do, or removed it.
bool Store::is_as_left() const { return state_of_database(dir_.get(), path_) == header().seen; }

// With the lock: nobody goes by this index any more.
void Store::retire() {
  if (header().replaced) return;  // the name may be a newer one's
  header().replaced = true;
  cut_half_append(log_.get(), header());
  ::unlinkat(dir_.get(), index_name(state_of(log_.get()).inode).c_str(), 0);
}

std::optional<std::string> Store::get(std::int64_t key) {
  while (true) {
    const std::optional<Place> place = find(key);
    if (!place) return std::nullopt;
    // Without the lock: a log's past does not change, unless a person changes it.
    // NULs in it may be those of a record that died and gave up its room while it was read.
    auto value = read_value(log_.get(), header().form, *place, key);
    if (value && value->find('\0') == value->npos) return value;
    const RobustLock held = hold();
    if (index_->find(key) != place) continue;  // it has died meanwhile
    if (value) return value;
    retire();
  }
}

std::optional<Place> Store::find(std::int64_t key) {
  if (const auto found = find_at_once(key)) return *found;
  try {
    const RobustLock held = hold_current(kReadersPatience);
    return index_->find(key);
  } catch (const Busy&) {
    return find_without_lock(key);
  }
}

// Where nobody is changing anything just now no lock is needed to see that: the table did not
// change meanwhile, and the file is the one that it tells of. Of readers who are many, one that
// loses its processor would else hold up all others.
std::optional<std::optional<Place>> Store::find_at_once(std::int64_t key) {
  const StoreHeader& now = header();
  const std::uint64_t before = now.changes;
  const std::optional<Place> place = index_->find(key);
  std::atomic_thread_fence(std::memory_order_acquire);
  const bool whole = before % 2 == 0 && now.changes == before;
  if (!whole || now.replaced || !is_as_left_in_batch()) return std::nullopt;
  return place;
}

// All requests of a batch had been made before it was looked at first: what a person does meanwhile
// may as well come behind them. Of pipelined reads there are a fifth more a second for it.
bool Store::is_as_left_in_batch() {
  if (looked_ != header().seen) looked_ = state_of_database(dir_.get(), path_);
  return looked_ == header().seen;
}

// While a session that stands still has the lock, mostly in a system call. What was answered OK is
// in the table. What cannot be had: changes by others, what a person has written into the same file
// since, and, where it was stopped between two stores to the table, anything.
std::optional<Place> Store::find_without_lock(std::int64_t key) const {
  const StoreHeader& now = header();
  const std::uint64_t before = now.changes;
  const std::optional<Place> place = index_->find(key);
  std::atomic_thread_fence(std::memory_order_acquire);
  const bool whole = before % 2 == 0 && now.changes == before;
  if (!whole || now.replaced ||
      state_of_database(dir_.get(), path_).inode != state_of(log_.get()).inode)
    throw Busy();
  return place;
}

bool Store::may_append() const { return header().form == StoreForm::own && !header().distrusted; }

bool Store::has_room() const { return may_append() && header().live < header().capacity / 8 * 7; }

Store::Change Store::put(std::int64_t key, std::string_view value) {
  return change(key, false, format_store_put(key, value));
}

Store::Change Store::del(std::int64_t key) { return change(key, true, format_store_del(key)); }

Store::Change Store::change(std::int64_t key, bool exists_before, const std::string& record) {
  for (bool compacted = false;; compacted = true) {
    const std::optional<Change> made = try_change(key, exists_before, record);
    const bool compaction_may_help =
        made == Change::disk_full && !compacted && may_make_room(record.size());
    if (made == Change::done && ++changes_ == kManyChanges) index_->fetch();
    if (made && !compaction_may_help) return *made;
    try {
      compact();
    } catch (const std::system_error& error) {
      // There may be some room all the same, where the record was all that had none.
      if (!made) return failed_change(error.code().value());
    }
  }
}

// Nothing where the log must be written anew before.
std::optional<Store::Change> Store::try_change(std::int64_t key, bool exists_before,
                                               const std::string& record) {
  const RobustLock held = hold_current();
  StoreHeader& shared = header();
  const std::optional<Place> before = index_->find(key);
  if (before.has_value() != exists_before) return Change::refused;
  if (exists_before ? !may_append() : !has_room()) return std::nullopt;
  if (!exists_before && !holds_reserve()) return Change::disk_full;
  const std::uint64_t start = shared.end;
  std::uint64_t appended = record.size();
  if (const int error = append_to_log(log_.get(), shared, record); error != 0) {
    if (!before || !is_full(error) || !strike_out(*before)) return failed_change(error);
    appended = 0;
  }
  {
    const TableChange changing(shared.changes);
    if (exists_before)
      index_->erase(key);
    else
      index_->put(key, {start, record.size() - 1});
  }
  if (appended != 0) ++shared.records;
  shared.end = start + appended;
  shared.seen = state_of(log_.get());  // last: until here a holder that dies leaves what is untrue
  unsynced_ = shared.end;
  return Change::done;
}

}  // namespace talk
