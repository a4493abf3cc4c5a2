// The key-value store: one truth for all processes that have it open, and every change on disk
// before it is answered.
//
// database.txt is the truth: changes are appended to it. Where each key's record is, all sessions
// know from one index in shared memory (index.h). To say OK a session needs the log synced up to
// its own record (group commit): whoever syncs does it for all that have been appended by then.
// Compaction copies the living records into a new log beside the old one while everyone goes on,
// and takes its place by one rename(). A person may edit, replace or remove database.txt at any
// time: before each change, and once for a batch of reads, the file of that name is compared with
// what the index was told of, and where it is another, the index is retired and everyone opens the
// database again.
#pragma once

#include <cerrno>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "common/posix/clock.h"
#include "common/posix/owned_fd.h"
#include "server_handler/store/index.h"
#include "server_handler/store/robust_mutex.h"

namespace talk {

// Something else, or nothing, is called by the directory's name now.
struct DirectoryMoved : std::runtime_error {
  DirectoryMoved() : std::runtime_error("directory moved") {}
};

class Store {
 public:
  // `refused`: the key exists (put), or does not (del). `disk_failed`: the disk does not keep what
  // is written; nothing was changed.
  enum class Change { done, refused, disk_full, disk_failed };

  // Opens DIR/database.txt, or makes it. Throws std::system_error, or Busy where another session
  // stands still in the middle of something, as do all others.
  explicit Store(const std::string& dir);
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  // Requests that were all made before this may be answered as if they had come at once.
  void begin_batch() { looked_ = {}; }

  // All four throw Busy, DirectoryMoved or std::system_error.
  [[nodiscard]] std::optional<std::string> get(std::int64_t key);
  // In force for everyone at once; on disk after sync().
  [[nodiscard]] Change put(std::int64_t key, std::string_view value);  // without a line feed
  [[nodiscard]] Change del(std::int64_t key);
  // Where this throws, what was changed since the last one is not in force any more.
  void sync();
  // After that: its visitor was told, and this session goes on.
  void give_up_unsynced() { unsynced_ = 0; }

  // Where the log is more than half dead, or the index well filled, has a process of its own
  // compact them. `connection` is closed there: its end must not wait for that process.
  void compact_where_needed(int connection);

 private:
  // The lock is held for microseconds, and while the last bytes of a compaction are synced.
  static constexpr milliseconds kPatience{2000};

  // opening.cc
  void start_alone();
  void enter();
  bool open_files();
  void build();
  bool directory_moved() const;
  void tell(const std::string& what) const;
  bool cut_unfinished(const StoreIndex& index, std::uint64_t size);
  void reopen();
  // store.cc
  RobustLock hold(milliseconds patience = kPatience);
  RobustLock hold_current(milliseconds patience = kPatience);
  std::optional<Place> find(std::int64_t key);
  std::optional<std::optional<Place>> find_at_once(std::int64_t key);
  std::optional<Place> find_without_lock(std::int64_t key) const;
  bool is_as_left() const;
  bool is_as_left_in_batch();
  void retire();
  bool may_append() const;
  bool has_room() const;
  Change change(std::int64_t key, bool exists_before, const std::string& record);
  std::optional<Change> try_change(std::int64_t key, bool exists_before, const std::string& record);
  // syncing.cc
  void sync_for_all();
  [[noreturn]] void distrust(int error);
  void roll_back();
  // compaction.cc
  std::uint64_t dead_bytes() const;
  bool may_compact() const;
  bool may_make_room(std::size_t bytes) const;
  bool wants_compaction() const;
  void compact();
  bool empty_log();
  void copy_log();
  bool is_living(std::int64_t key, const Place& place);
  void keep_original();
  std::string unfinished_line() const;
  // full_disk.cc
  class Release;
  bool release_dead();
  bool holds_reserve();
  bool strike_out(const Place& put);

  StoreHeader& header() const { return index_->header(); }

  std::string path_;  // of DIR, as it was called
  OwnedFd dir_;
  OwnedFd inside_;  // a shared lock: as long as anybody has it the index is alive
  OwnedFd log_;
  std::optional<StoreIndex> index_;
  LogState looked_;             // database.txt, as this batch has seen it; all zeroes: not yet
  bool busy_ = false;           // the lock was not to be had when it was asked for last
  bool struck_ = false;         // a del of this session's in the place of its put is unsynced
  int changes_ = 0;             // through this index
  std::uint64_t unsynced_ = 0;  // the log must be on disk up to here for what was done; 0: nothing
};

// EFBIG: `ulimit -f`.
inline bool is_full(int error) { return error == ENOSPC || error == EDQUOT || error == EFBIG; }

// The index's name in DIR.
std::string index_name(std::uint64_t log_inode);

}  // namespace talk
