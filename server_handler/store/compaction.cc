// Compaction: the living records go into a new log while everyone goes on with the old one.
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include <algorithm>
#include <limits>

#include "common/posix/error.h"
#include "server_handler/store/database_log.h"
#include "server_handler/store/store.h"

namespace talk {
namespace {

constexpr std::uint64_t kFewRecords = 10'000;  // not worth a compaction
// What may be left to be copied while everyone waits, bytes.
constexpr std::uint64_t kShortTail = std::uint64_t{64} << 10;
constexpr std::uint64_t kPatienceAfterFailure = std::uint64_t{1} << 20;  // bytes appended

LogWriter make_log(int dir) {
  constexpr int kFlags = O_RDWR | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC;
  OwnedFd log(::openat(dir, kNewDatabase, kFlags, 0666));
  if (!log) throw_errno("make a new database");
  return LogWriter(std::move(log));
}

// The log and index that are to take the place of the old ones; removed if it does not come to it.
class NextStore {
 public:
  NextStore(int dir, std::uint64_t keys)
      : dir_(dir),
        log_(make_log(dir)),
        name_(index_name(state_of(log_.file()).inode)),
        index_(StoreIndex::create(dir, name_, keys)) {
    index_.header().form = StoreForm::own;
  }
  ~NextStore() {
    if (published_) return;
    ::unlinkat(dir_, kNewDatabase, 0);
    ::unlinkat(dir_, name_.c_str(), 0);
  }
  NextStore(const NextStore&) = delete;
  NextStore& operator=(const NextStore&) = delete;

  void put(std::int64_t key, std::string_view value) {
    index_.put(key, log_.append(format_store_put(key, value)));
    ++index_.header().records;
  }

  // What happened to the old log, in our own form, while it was being copied.
  std::uint64_t follow(int old, std::uint64_t from, std::uint64_t to) {
    return scan_log(old, StoreForm::own, from, to, [&](std::uint64_t, std::string_view line) {
      const StoreRecord record = parse_store_record(StoreForm::own, line);
      if (record.kind == StoreRecord::Kind::put) put(record.key, record.value);
      if (record.kind != StoreRecord::Kind::del) return;
      log_.append(format_store_del(record.key));
      index_.erase(record.key);
      ++index_.header().records;
    });
  }

  void flush() { log_.flush(); }

  void publish() {
    log_.flush();
    index_.header().end = log_.end();
    index_.header().synced = log_.end();
    index_.finish();
    if (::renameat(dir_, kNewDatabase, dir_, kDatabase) != 0) throw_errno("replace database.txt");
    published_ = true;
  }

 private:
  int dir_;
  LogWriter log_;
  std::string name_;
  StoreIndex index_;
  bool published_ = false;
};

}  // namespace

bool Store::wants_compaction() const {
  const StoreHeader& now = header();
  if (now.form != StoreForm::own || now.end < now.no_compaction_until) return false;
  const bool half_dead = now.records > 2 * now.live + kFewRecords;
  return half_dead || now.live > now.capacity / 10 * 7;
}

void Store::compact_where_needed(int connection) {
  if (!wants_compaction() || !header().compaction.try_lock()) return;
  header().compaction.unlock();
  ::signal(SIGCHLD, SIG_IGN);  // no zombie
  if (::fork() != 0) return;
  ::close(connection);
  try {
    compact();
  } catch (const std::exception&) {  // a full disk, most likely: later again
    header().no_compaction_until = header().end + kPatienceAfterFailure;
  }
  ::_exit(0);
}

void Store::compact() {
  const RobustLock compaction(header().compaction);
  std::uint64_t done = 0;
  std::uint64_t keys = 0;
  {
    const RobustLock held = hold();
    if (header().replaced) return;  // another one has done it
    done = header().end;
    // As large as the old index: whatever its sessions add meanwhile has room in the new one too.
    keys = std::max(header().live, header().capacity / 2);
  }
  NextStore next(dir_.get(), keys);
  bool all_understood = true;
  const StoreForm form = header().form;
  scan_log(log_.get(), form, 0, done, [&](std::uint64_t offset, std::string_view line) {
    const StoreRecord record = parse_store_record(form, line);
    if (record.kind == StoreRecord::Kind::none && !line.empty()) all_understood = false;
    if (record.kind == StoreRecord::Kind::put && is_living(record.key, offset))
      next.put(record.key, record.value);
  });
  if (form == StoreForm::foreign && !all_understood) keep_original();
  while (header().end - done > kShortTail) done = next.follow(log_.get(), done, header().end);
  next.flush();

  const RobustLock held = hold();
  if (header().replaced) return;
  next.follow(log_.get(), done, header().end);
  next.publish();
  header().synced = std::numeric_limits<std::uint64_t>::max();
  header().replaced = true;
  ::unlinkat(dir_.get(), index_name(state_of(log_.get()).inode).c_str(), 0);
  sync_directory(dir_.get());  // last: a session that appends to the old log loses what it appends
}

// Whether the record at `offset` is what the key has now. If it is not, what took its place is
// later in the log, and will be met there.
bool Store::is_living(std::int64_t key, std::uint64_t offset) {
  const RobustLock held = hold();
  return index_->find(key) == offset;
}

// A foreign file with lines that are no pairs: converting it would lose them.
void Store::keep_original() {
  if (::linkat(dir_.get(), kDatabase, dir_.get(), "database.txt.original", 0) != 0 &&
      errno != EEXIST)
    throw_errno("keep the original database");
}

}  // namespace talk
