// Where each key's record is in the log, in memory that all sessions share: a hash table in a
// mapped file beside database.txt. Beside the table stands what the sessions share otherwise. It
// can be built from the log at any time; it is not brought onto the disk.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "common/posix/clock.h"
#include "server_handler/store/record.h"
#include "server_handler/store/robust_mutex.h"
#include "server_handler/store/shared_event.h"

namespace talk {

// A log as it was seen: two equal ones are the same bytes.
struct LogState {
  std::uint64_t inode = 0;
  std::int64_t size = 0;
  std::int64_t mtime_seconds = 0;
  std::int64_t mtime_nanoseconds = 0;
  bool operator==(const LogState&) const = default;
};

// A record's bytes in the log, without the line feed.
struct Place {
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
  bool operator==(const Place&) const = default;
};

// What is being appended to the log, so that what a process leaves that is killed meanwhile can be
// told from a person's words.
struct Appending {
  std::atomic<std::uint64_t> end;  // of what has been written of it; 0: nothing is being appended
  std::array<char, std::size_t{16} << 10> next;  // what is being written there
};

// Everything is changed under `write`, but for what syncs change (`synced`, `named`, `sync_began`,
// `distrusted`). Locks are taken in the order compaction, write or sync, write.
struct StoreHeader {
  std::array<char, 16> magic;  // written last
  std::array<char, 40> boot;   // the machine's start in which this was written
  RobustMutex write;
  RobustMutex sync;                   // held by the one who syncs for all
  std::atomic<Time> sync_began;       // by that one
  SharedEvent sync_news;              // a sync has ended
  std::atomic<bool> named;            // the log's name is known to be on disk
  std::atomic<std::uint64_t> synced;  // so much of the log is known to be on disk, bytes
  // Odd while the table is being changed: who reads it without the lock sees by it whether what it
  // read can be true.
  std::atomic<std::uint64_t> changes;
  std::uint64_t found;           // so much of it was there when it was indexed, bytes
  std::atomic<bool> distrusted;  // a sync failed: this log is not written to any more
  RobustMutex compaction;
  std::atomic<Time> no_compaction_before;      // after a failure
  std::atomic<std::uint64_t> dead_at_failure;  // so much of the log was, bytes
  std::uint64_t capacity;                      // slots, a power of two
  std::uint64_t live;                          // keys
  std::uint64_t live_bytes;                    // of their records, with line feeds
  std::uint64_t records;                       // in the log, living and dead
  std::atomic<std::uint64_t> end;              // of the log as far as it is indexed, bytes
  std::atomic<std::uint64_t> struck;           // dels that were made in the place of their puts
  LogState seen;  // the log after the last change of ours: if it is another, a person was at it
  StoreForm form;
  std::atomic<bool> reserve;   // the index holds all of its reserve
  std::atomic<bool> replaced;  // the log and its index are to be opened again
  Appending appending;         // behind `end`
};

// As long as it lives `changes` is odd. With the lock.
class TableChange {
 public:
  explicit TableChange(std::atomic<std::uint64_t>& changes) : changes_(changes) {
    ++changes_;
    std::atomic_thread_fence(std::memory_order_release);
  }
  ~TableChange() { ++changes_; }
  TableChange(const TableChange&) = delete;
  TableChange& operator=(const TableChange&) = delete;

 private:
  std::atomic<std::uint64_t>& changes_;
};

class StoreIndex {
 public:
  static constexpr char kThisBoot[] = "/proc/sys/kernel/random/boot_id";  // read, on Linux

  // Each index holds some room of the disk in reserve, so that on a full one there is some to make
  // more with.
  static constexpr std::size_t kReserve = std::size_t{128} << 10;  // bytes, behind the table

  // Makes an empty table with room for twice `keys`, its space reserved; one of that name is left
  // to those who have it open. Throws std::system_error.
  [[nodiscard]] static StoreIndex create(int dir, const std::string& name, std::uint64_t keys);
  // What create() is to be told where so many keys must have room, and no more need have.
  static std::uint64_t fewest_for(std::uint64_t keys) { return keys * 4 / 7 + 1; }
  // Maps one that exists; nothing where it is missing or not whole.
  [[nodiscard]] static std::optional<StoreIndex> open(int dir, const std::string& name);

  StoreIndex(StoreIndex&& other) noexcept;
  StoreIndex& operator=(StoreIndex&& other) noexcept;
  ~StoreIndex();

  StoreHeader& header() const { return *header_; }
  // The caller holds header().write, or is the only one who knows of this index, or (find) asks
  // header().changes before and after.
  std::optional<Place> find(std::int64_t key) const;
  void put(std::int64_t key, const Place& place);  // there must be a free slot
  void erase(std::int64_t key);
  void clear();
  // Maps all of the table for writing, where it is not too large for that. A page that a process
  // writes to for the first time costs 18 us, and here 1: 16 clients put a quarter more a second.
  void fetch() const;
  // From here on others may open it.
  void finish();
  // Gives the disk back all of the reserve but `left` bytes. False: the file system cannot give
  // back a part of a file.
  [[nodiscard]] bool give_reserve(int dir, const std::string& name, std::size_t left = 0) const;
  // Takes what is not there of it. False: the disk is full.
  bool take_reserve(int dir, const std::string& name) const;
  // For an index that is whole but that no process has open: locks that were held are free.
  void start_again();
  bool of_this_boot() const;

 private:
  struct Slot {
    std::int64_t key;
    std::uint64_t place;  // offset + 1; 0: free
    std::uint64_t size;
  };

  StoreIndex(void* memory, std::size_t size);
  int reserve(int dir, const std::string& name, int mode, std::size_t bytes) const;
  std::span<Slot> slots() const;
  std::size_t slot_of(std::int64_t key) const;

  StoreHeader* header_ = nullptr;
  std::size_t size_ = 0;  // bytes mapped
};

}  // namespace talk
