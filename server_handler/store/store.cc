#include "server_handler/store/store.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <stdexcept>

#include "common/posix/error.h"
#include "server_handler/store/database_log.h"

namespace talk {
namespace {

constexpr char kLock[] = ".database.lock";
constexpr char kIndexPrefix[] = ".database.index-";
constexpr int kReopenTries = 100;
constexpr milliseconds kSyncPatience{50};  // then the process that was syncing may be dead

bool is_full(int error) { return error == ENOSPC || error == EDQUOT || error == EFBIG; }

OwnedFd open_log(int dir) {
  OwnedFd log(::openat(dir, kDatabase, O_RDWR | O_NOFOLLOW | O_CLOEXEC));
  if (!log && errno != ENOENT) throw_errno("open database.txt");
  return log;
}

OwnedFd make_log(int dir) {
  constexpr int kFlags = O_RDWR | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC;
  OwnedFd log(::openat(dir, kNewDatabase, kFlags, 0666));
  if (!log) throw_errno("make database.txt");
  LogWriter writer(std::move(log));
  writer.flush();
  if (::renameat(dir, kNewDatabase, dir, kDatabase) != 0) throw_errno("make database.txt");
  sync_directory(dir);
  return open_log(dir);
}

// What dead processes left behind.
void sweep(int dir, const std::string& current_index) {
  const std::unique_ptr<DIR, int (*)(DIR*)> listing(
      ::fdopendir(::openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)), ::closedir);
  if (!listing) throw_errno("list the database's directory");
  while (const dirent* const entry = ::readdir(listing.get())) {
    const std::string name = entry->d_name;
    if (name == kNewDatabase || (name.starts_with(kIndexPrefix) && name != current_index))
      ::unlinkat(dir, name.c_str(), 0);
  }
}

bool still_true(const StoreIndex& index, const LogState& log) {
  const StoreHeader& header = index.header();
  return index.of_this_boot() && !header.busy && !header.replaced && header.left == log &&
         header.end == static_cast<std::uint64_t>(log.size);
}

}  // namespace

std::string index_name(std::uint64_t log_inode) { return kIndexPrefix + std::to_string(log_inode); }

void sync_directory(int dir) {
  if (::fsync(dir) != 0) throw_errno("bring the database's directory onto the disk");
}

// The lock on the directory is the door: only who holds it comes in, or finds out that nobody is
// inside and puts everything in order.
Store::Store(const std::string& dir)
    : dir_(::open(dir.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
  if (!dir_) throw_errno("open the directory " + dir);
  if (::flock(dir_.get(), LOCK_EX) != 0) throw_errno("lock the directory " + dir);
  inside_.reset(::openat(dir_.get(), kLock, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0666));
  if (!inside_) throw_errno("open " + std::string(kLock) + " in " + dir);
  if (::flock(inside_.get(), LOCK_EX | LOCK_NB) == 0) open_alone();
  if (::flock(inside_.get(), LOCK_SH) != 0) throw_errno("lock the database");
  reopen();
  ::flock(dir_.get(), LOCK_UN);
}

Store::~Store() {
  try {
    const RobustLock held = hold();
    if (!header().replaced) header().left = state_of(log_.get());
  } catch (const std::system_error&) {
    // The next session builds the index again.
  }
}

void Store::open_alone() {
  OwnedFd log = open_log(dir_.get());
  if (!log) log = make_log(dir_.get());
  const LogState state = state_of(log.get());
  const std::string name = index_name(state.inode);
  sweep(dir_.get(), name);
  std::optional<StoreIndex> index = StoreIndex::open(dir_.get(), name);
  if (index && still_true(*index, state)) {
    index->start_again();
    return;
  }
  index = StoreIndex::create(dir_.get(), name, count_lines(log.get()));
  index_log(log.get(), form_of(log.get()), *index);
  const std::uint64_t end = index->header().end;
  if (end < static_cast<std::uint64_t>(state.size) &&
      ::ftruncate(log.get(), static_cast<off_t>(end)) != 0)
    throw_errno("cut an unfinished line off the database");
  index->finish();
}

// False where a compaction took place in between.
bool Store::open_files() {
  log_ = open_log(dir_.get());
  if (!log_) return false;
  index_ = StoreIndex::open(dir_.get(), index_name(state_of(log_.get()).inode));
  return index_ && !header().replaced;
}

void Store::reopen() {
  unsynced_ = 0;  // a compacted log is on disk whole
  for (int tries = 0; tries < kReopenTries; ++tries)
    if (open_files()) return;
  throw std::runtime_error("open database.txt: it was replaced while sessions had it open");
}

// The process that held the lock died in the middle of something.
void Store::recover() {
  sync_directory(dir_.get());
  const LogState log = state_of(log_.get());
  struct stat named {};
  if (::fstatat(dir_.get(), kDatabase, &named, AT_SYMLINK_NOFOLLOW) != 0)
    throw_errno("look at database.txt");
  if (named.st_ino != log.inode) {  // it had compacted, and not yet said so
    header().replaced = true;
    return;
  }
  if (header().busy) {
    index_->clear();
    index_log(log_.get(), header().form, *index_);
    header().busy = false;
  }
  if (::ftruncate(log_.get(), static_cast<off_t>(header().end)) != 0)
    throw_errno("cut an unfinished line off the database");
}

RobustLock Store::hold() {
  RobustLock held(header().write);
  if (held.owner_died()) recover();
  return held;
}

RobustLock Store::hold_current() {
  while (true) {
    {
      RobustLock held = hold();
      if (!header().replaced) return held;
    }
    reopen();
  }
}

std::optional<std::string> Store::get(std::int64_t key) {
  std::optional<std::uint64_t> offset;
  {
    const RobustLock held = hold_current();
    offset = index_->find(key);
  }
  if (!offset) return std::nullopt;
  return read_value(log_.get(), header().form, *offset);  // a log's past does not change
}

bool Store::has_room() const {
  return header().form == StoreForm::own && header().live < header().capacity / 8 * 7;
}

Store::Change Store::put(std::int64_t key, std::string_view value) {
  return change(key, false, format_store_put(key, value));
}

Store::Change Store::del(std::int64_t key) { return change(key, true, format_store_del(key)); }

Store::Change Store::change(std::int64_t key, bool exists_before, const std::string& record) {
  try {
    while (true) {
      {
        const RobustLock held = hold_current();
        if (index_->find(key).has_value() != exists_before) return Change::refused;
        if (has_room()) {
          const std::uint64_t start = header().end;
          append(record);
          header().busy = true;
          if (exists_before)
            index_->erase(key);
          else
            index_->put(key, start);
          ++header().records;
          header().end = start + record.size();
          header().busy = false;
          unsynced_ = header().end;
          return Change::done;
        }
      }
      compact();
    }
  } catch (const std::system_error& error) {
    if (is_full(error.code().value())) return Change::disk_full;
    throw;
  }
}

// All of it, or nothing.
void Store::append(std::string_view record) {
  std::uint64_t end = header().end;
  while (!record.empty()) {
    const ssize_t count =
        ::pwrite(log_.get(), record.data(), record.size(), static_cast<off_t>(end));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      const int error = errno;
      if (::ftruncate(log_.get(), static_cast<off_t>(header().end)) != 0)
        throw_errno("cut an unfinished line off the database");
      throw_error(error, "write to the database");
    }
    end += static_cast<std::uint64_t>(count);
    record.remove_prefix(static_cast<std::size_t>(count));
  }
}

// One process syncs for all whose records were appended by then; the others wait for its news, and
// one of those that came too late is the next.
void Store::sync() {
  StoreHeader& shared = header();
  while (true) {
    const std::uint32_t seen = shared.sync_news.seen();
    if (shared.synced >= unsynced_) return;
    if (shared.sync.try_lock())
      sync_for_all();
    else
      shared.sync_news.wait(seen, kSyncPatience);
  }
}

// With the lock `sync`, which it gives back.
void Store::sync_for_all() {
  StoreHeader& shared = header();
  const std::uint64_t appended = shared.end;
  const bool needed = shared.synced < unsynced_;  // no longer, where another came before
  const int error = needed && ::fdatasync(log_.get()) != 0 ? errno : 0;
  if (needed && error == 0) shared.synced = std::max(appended, shared.synced.load());
  shared.sync.unlock();
  shared.sync_news.announce();
  if (error != 0) throw_error(error, "bring the database onto the disk");
}

}  // namespace talk
