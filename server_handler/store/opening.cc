// How sessions come into the store, and come in again when its file has become another.
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <stdexcept>
#include <thread>

#include "common/posix/directory_entries.h"
#include "common/posix/error.h"
#include "common/posix/log.h"
#include "common/text/display.h"
#include "server_handler/store/appending.h"
#include "server_handler/store/database_log.h"
#include "server_handler/store/store.h"

namespace talk {
namespace {

constexpr char kLock[] = ".database.lock";
constexpr std::string_view kIndexPrefix = ".database.index-";
constexpr int kOpenTries = 100;
// Who holds it may be reading a large database.
constexpr seconds kLockPatience{10};
constexpr milliseconds kLockPause{5};

// Only who has the directory locked opens the database, finds out that nobody else has it open, or
// builds an index. One who stands still meanwhile is not waited for without end.
class DirectoryLock {
 public:
  explicit DirectoryLock(const OwnedFd& dir) : dir_(dir.get()) {
    const Time deadline = Clock::now() + kLockPatience;
    while (::flock(dir_, LOCK_EX | LOCK_NB) != 0) {
      if (errno != EWOULDBLOCK && errno != EINTR) throw_errno("lock the database's directory");
      if (Clock::now() >= deadline) throw Busy();
      std::this_thread::sleep_for(kLockPause);
    }
  }
  ~DirectoryLock() { ::flock(dir_, LOCK_UN); }
  DirectoryLock(const DirectoryLock&) = delete;
  DirectoryLock& operator=(const DirectoryLock&) = delete;

 private:
  int dir_;
};

OwnedFd open_log(int dir) {
  OwnedFd log(::openat(dir, kDatabase, O_RDWR | O_NOFOLLOW | O_CLOEXEC));
  if (!log && errno != ENOENT) throw_errno("open database.txt");
  return log;
}

// What dead processes left behind.
void sweep(int dir, const std::string& current_index) {
  DirectoryEntries listing(OwnedFd(::openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)));
  if (!listing) throw_errno("list the database's directory");
  while (const dirent* const entry = listing.next()) {
    const std::string_view name = entry->d_name;
    if (name.starts_with(kNewDatabasePrefix) ||
        (name.starts_with(kIndexPrefix) && name != current_index))
      ::unlinkat(dir, entry->d_name, 0);
  }
}

// Whether it may be used again after its last session, also after one that was killed.
bool still_true(const StoreIndex& index, const LogState& log) {
  return index.of_this_boot() && !index.header().replaced && index.header().seen == log;
}

// On a full disk no larger than it must be: the one before may have been no larger either.
StoreIndex make_index(int dir, int log) {
  const std::string name = index_name(state_of(log).inode);
  try {
    return StoreIndex::create(dir, name, count_lines(log));
  } catch (const std::system_error& error) {
    if (!is_full(error.code().value())) throw;
  }
  return StoreIndex::create(dir, name, StoreIndex::fewest_for(count_keys(log, form_of(log))));
}

bool keeps_unread(int dir, const std::string& line) {
  try {
    keep_unread(dir, line);
    return true;
  } catch (const std::system_error&) {
    return false;
  }
}

}  // namespace

std::string index_name(std::uint64_t log_inode) {
  return std::string(kIndexPrefix) + std::to_string(log_inode);
}

Store::Store(const std::string& dir)
    : path_(dir), dir_(::open(dir.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
  if (!dir_) throw_errno("open the directory " + dir);
  const DirectoryLock lock(dir_);
  inside_.reset(::openat(dir_.get(), kLock, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0666));
  if (!inside_) throw_errno("open " + std::string(kLock) + " in " + dir);
  if (::flock(inside_.get(), LOCK_EX | LOCK_NB) == 0) start_alone();
  if (::flock(inside_.get(), LOCK_SH) != 0) throw_errno("lock the database");
  enter();
}

bool Store::directory_moved() const {
  struct stat named {};
  struct stat mine {};
  if (::stat(path_.c_str(), &named) != 0) return errno == ENOENT || errno == ENOTDIR;
  if (::fstat(dir_.get(), &mine) != 0) throw_errno("look at the directory " + path_);
  return named.st_dev != mine.st_dev || named.st_ino != mine.st_ino;
}

// Nobody else is inside: an index that is still true is used again, and nothing else.
void Store::start_alone() {
  std::string kept;
  if (const OwnedFd log = open_log(dir_.get())) {
    const LogState state = state_of(log.get());
    std::optional<StoreIndex> index = StoreIndex::open(dir_.get(), index_name(state.inode));
    if (index && index->of_this_boot()) cut_half_append(log.get(), index->header());
    if (index && still_true(*index, state)) {
      index->start_again();
      kept = index_name(state.inode);
    }
  }
  sweep(dir_.get(), kept);
}

void Store::reopen() {
  sync();  // what this session did to the old log is answered by that one
  const DirectoryLock lock(dir_);
  enter();
}

// With the directory locked.
void Store::enter() {
  unsynced_ = 0;
  changes_ = 0;
  for (int tries = 0; tries < kOpenTries; ++tries) {
    if (open_files()) return;
    // A compaction renames its log first, and then retires the old index.
    if (state_of_database(dir_.get()).inode == state_of(log_.get()).inode) return build();
  }
  throw std::runtime_error("open database.txt: it is being replaced again and again");
}

// False where they do not belong together.
bool Store::open_files() {
  log_ = open_log(dir_.get());
  if (!log_) {  // the first session of all, or a person has removed it
    LogWriter fresh(dir_.get());
    fresh.write_out();
    fresh.publish();
    log_ = open_log(dir_.get());
    if (!log_) throw_error(ENOENT, "open database.txt");
  }
  index_ = StoreIndex::open(dir_.get(), index_name(state_of(log_.get()).inode));
  return index_ && !header().replaced;
}

// Reads the log from its beginning; with the directory locked, and while no index of it is in
// force. Nobody knows what a person, or a process that died, has brought onto the disk: `synced`
// stays 0. The first who says OK syncs it all, without the lock: a disk may take long.
void Store::build() {
  const int log = log_.get();
  LogState state = state_of(log);
  const auto size = static_cast<std::uint64_t>(state.size);
  StoreIndex index = make_index(dir_.get(), log);
  const UnreadLines unread = index_log(log, form_of(log), size, index);
  if (unread.count > 0)
    tell("ignored=" + std::to_string(unread.count) + " first=" + log_text(unread.first));
  StoreHeader& built = index.header();
  if (built.end < size) {
    if (!cut_unfinished(index, size)) built.distrusted = true;
    state = state_of(log);
  }
  built.found = built.end;
  built.seen = state;
  index.finish();
  index_ = std::move(index);
}

// What a person wrote and is not in force.
void Store::tell(const std::string& what) const {
  log_event("store dir=" + log_text(path_) + " " + what);
}

// An unfinished last line is a change of ours that was not answered, or a person's, who may be
// about to write its other half: nobody can tell, so it is kept. It cannot stay, for what is
// appended would become a part of it. False: there is no room to keep it, and nothing may be
// appended.
bool Store::cut_unfinished(const StoreIndex& index, std::uint64_t size) {
  const std::uint64_t end = index.header().end;
  const std::string line = read_log(log_.get(), end, size) + "\n";
  const std::string name = index_name(state_of(log_.get()).inode);
  const bool kept = keeps_unread(dir_.get(), line);
  if (!kept && !(index.give_reserve(dir_.get(), name) && keeps_unread(dir_.get(), line)))
    return false;
  if (::ftruncate(log_.get(), static_cast<off_t>(end)) != 0)
    throw_errno("cut an unfinished line off the database");
  if (!kept) index.take_reserve(dir_.get(), name);
  tell("unfinished=" + log_text(line.substr(0, line.size() - 1)) + " kept_in=database.txt.unread");
  return true;
}

}  // namespace talk
