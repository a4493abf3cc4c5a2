// Where each key's record begins in the log: a hash table in a file that all sessions map. It can
// be built again from the log at any time, so it is never synced.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

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

// Everything is changed under `write`, but for `synced`, which is changed under `sync`. Locks are
// taken in the order compaction, write; sync is taken alone.
struct StoreHeader {
  std::array<char, 16> magic;  // written last
  std::array<char, 40> boot;   // the machine's start in which this was written
  RobustMutex write;
  RobustMutex sync;
  SharedEvent sync_news;  // a sync has ended
  RobustMutex compaction;
  std::uint64_t capacity;                          // slots, a power of two
  std::uint64_t live;                              // keys
  std::uint64_t records;                           // in the log, living and dead
  std::atomic<std::uint64_t> end;                  // of the log as far as it is indexed, bytes
  std::atomic<std::uint64_t> no_compaction_until;  // the log's size, bytes: after a failure
  std::atomic<std::uint64_t> synced;  // so much of the log is known to be on disk, bytes
  LogState left;                      // the log when a session last ended in order
  StoreForm form;
  std::atomic<bool> busy;  // the table is being changed: a holder that died here left it broken
  bool replaced;           // compacted: the log of this name is another file now
};

class StoreIndex {
 public:
  // Makes an empty table with room for twice `keys`, all its space reserved. Throws
  // std::system_error.
  [[nodiscard]] static StoreIndex create(int dir, const std::string& name, std::uint64_t keys);
  // Maps one that exists; nothing where it is missing or not whole.
  [[nodiscard]] static std::optional<StoreIndex> open(int dir, const std::string& name);

  StoreIndex(StoreIndex&& other) noexcept;
  StoreIndex& operator=(StoreIndex&& other) noexcept;
  ~StoreIndex();

  StoreHeader& header() const { return *header_; }
  // The caller holds header().write, or is the only one who knows of this index.
  std::optional<std::uint64_t> find(std::int64_t key) const;
  void put(std::int64_t key, std::uint64_t offset);  // there must be a free slot
  void erase(std::int64_t key);
  void clear();
  // From here on others may open it.
  void finish();
  // For an index that is whole but that no process has open: locks that were held are free.
  void start_again();
  bool of_this_boot() const;

 private:
  struct Slot {
    std::int64_t key;
    std::uint64_t place;  // offset + 1; 0: free
  };

  StoreIndex(void* memory, std::size_t size);
  std::span<Slot> slots() const;
  std::size_t slot_of(std::int64_t key) const;

  StoreHeader* header_ = nullptr;
  std::size_t size_ = 0;  // bytes mapped
};

}  // namespace talk
