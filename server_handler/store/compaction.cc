// Compaction: the living records go into a new log while everyone goes on with the old one.
#include <signal.h>
#include <unistd.h>

#include <algorithm>

#include "common/posix/error.h"
#include "server_handler/store/database_log.h"
#include "server_handler/store/store.h"

namespace talk {
namespace {

constexpr std::uint64_t kFewRecords = 10'000;  // dead ones that are not worth a compaction
constexpr std::uint64_t kFewBytes = std::uint64_t{1} << 20;  // of dead ones, likewise
// What may be left to be copied while everyone waits, bytes.
constexpr std::uint64_t kShortTail = std::uint64_t{64} << 10;
constexpr seconds kPauseAfterFailure{5};
constexpr std::uint64_t kMuch = std::uint64_t{64} << 10;  // of dead records, bytes
// Of those who cannot go on before a compaction: a large database takes its time.
constexpr seconds kCompactionPatience{30};

// The log and index that are to take the place of the old ones; removed if it does not come to it.
class NextStore {
 public:
  NextStore(int dir, std::uint64_t keys)
      : dir_(dir),
        log_(dir),
        name_(index_name(state_of(log_.file()).inode)),
        index_(StoreIndex::create(dir, name_, keys)) {
    index_.header().form = StoreForm::own;
  }
  ~NextStore() {
    if (!published_) ::unlinkat(dir_, name_.c_str(), 0);
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

  // The name is brought onto the disk by the first who syncs. Should that never happen, the old log
  // is as good: nobody was told OK for what it lacks.
  void publish() {
    log_.flush();
    StoreHeader& header = index_.header();
    header.end = log_.end();
    header.synced = log_.end();
    header.seen = state_of(log_.file());
    index_.finish();
    log_.publish();
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

// Without the lock these are estimates, and enough for what they decide.
std::uint64_t Store::dead_bytes() const {
  const std::uint64_t alive = header().live_bytes + kStoreHeader.size();
  return std::max(header().end.load(), alive) - alive;
}

bool Store::may_compact() const {
  const StoreHeader& now = header();
  return now.form == StoreForm::own && Clock::now() >= now.no_compaction_before.load();
}

// Whether a full disk may have room for so much after a compaction. Also soon after a failure, if
// much has been deleted since, or all: that takes no room to be copied.
bool Store::may_make_room(std::size_t bytes) const {
  const StoreHeader& now = header();
  const bool much_died = dead_bytes() > now.dead_at_failure + kMuch + bytes;
  return dead_bytes() > bytes && (may_compact() || much_died || now.live == 0);
}

bool Store::wants_compaction() const {
  const StoreHeader& now = header();
  const bool half_dead =
      now.records > 2 * now.live + kFewRecords || dead_bytes() > now.live_bytes + kFewBytes;
  return (half_dead || now.live > now.capacity / 10 * 7) && !now.replaced && may_compact();
}

void Store::compact_where_needed(int connection) {
  if (!wants_compaction() || !header().compaction.try_lock()) return;
  header().compaction.unlock();
  ::signal(SIGCHLD, SIG_IGN);  // no zombie
  if (::fork() != 0) return;
  ::close(connection);
  try {
    compact();
  } catch (const std::exception&) {
    // A full disk, most likely: later again.
  }
  ::_exit(0);
}

// Where it returns the log may also have been replaced by another process, or taken back.
void Store::compact() {
  const RobustLock compaction(header().compaction, kCompactionPatience);
  try {
    try {
      if (!empty_log()) copy_log();
    } catch (const std::system_error& error) {
      if (!is_full(error.code().value()) || !release_dead()) throw;
      copy_log();
    }
  } catch (...) {
    header().no_compaction_before = Clock::now() + kPauseAfterFailure;
    header().dead_at_failure = dead_bytes();
    throw;
  }
}

// Where nothing lives there is nothing to copy: that works on a full disk too.
bool Store::empty_log() {
  const StoreHeader& now = header();
  if (now.live != 0 || now.form != StoreForm::own) return false;
  std::string persons;
  scan_log(log_.get(), StoreForm::own, 0, now.end, [&](std::uint64_t, std::string_view line) {
    if (is_a_persons(line)) persons.append(line).append("\n");
  });
  const RobustLock held = hold();
  if (now.replaced || now.live != 0 || !has_room() || !is_as_left()) return false;
  if (!persons.empty()) keep_unread(dir_.get(), persons);
  if (::ftruncate(log_.get(), static_cast<off_t>(kStoreHeader.size())) != 0)
    throw_errno("empty the database");
  retire();
  return true;
}

void Store::copy_log() {
  std::uint64_t done = 0;
  std::uint64_t keys = 0;
  const bool distrusted = header().distrusted;
  const std::uint64_t struck = header().struck;
  // Then what was copied may have been taken back, or deleted in its place, or is another's now.
  const auto overtaken = [&] {
    const StoreHeader& now = header();
    return now.replaced || now.distrusted != distrusted || now.struck != struck;
  };
  {
    const RobustLock held = hold();
    if (overtaken()) return;
    done = header().end;
    // As large as the old index: whatever its sessions add meanwhile has room in the new one too.
    keys = std::max(header().live, header().capacity / 2);
  }
  NextStore next(dir_.get(), keys);
  bool all_understood = true;
  std::string persons;  // lines, in our own form
  const StoreForm form = header().form;
  scan_log(log_.get(), form, 0, done, [&](std::uint64_t offset, std::string_view line) {
    const StoreRecord record = parse_store_record(form, line);
    if (record.kind == StoreRecord::Kind::none && !line.empty()) all_understood = false;
    if (form == StoreForm::own && is_a_persons(line)) persons.append(line).append("\n");
    if (record.kind == StoreRecord::Kind::put && is_living(record.key, {offset, line.size()}))
      next.put(record.key, record.value);
  });
  if (form == StoreForm::foreign && !all_understood) keep_original();
  while (header().end > done + kShortTail) done = next.follow(log_.get(), done, header().end);
  next.flush();

  const RobustLock held = hold();
  if (!header().replaced && !is_as_left()) retire();  // a person's file is not overwritten
  if (overtaken()) return;
  next.follow(log_.get(), done, header().end);
  persons += unfinished_line();
  if (!persons.empty()) keep_unread(dir_.get(), persons);
  next.publish();
  retire();
}

// Whether the record at `place` is what the key has now. If it is not, what took its place is
// later in the log, and will be met there.
bool Store::is_living(std::int64_t key, const Place& place) {
  const RobustLock held = hold();
  return index_->find(key) == place;
}

// An unfinished last line that there was no room to keep when the log was opened.
std::string Store::unfinished_line() const {
  const StoreHeader& now = header();
  const auto size = static_cast<std::uint64_t>(now.seen.size);
  if (now.form == StoreForm::foreign || size <= now.end) return {};
  return read_log(log_.get(), now.end, size) + "\n";
}

// A foreign file with lines that are no pairs: converting it would lose them.
void Store::keep_original() {
  if (::linkat(dir_.get(), kDatabase, dir_.get(), "database.txt.original", 0) != 0 &&
      errno != EEXIST)
    throw_errno("keep the original database");
}

}  // namespace talk
