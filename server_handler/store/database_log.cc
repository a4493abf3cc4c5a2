#include "server_handler/store/database_log.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <unordered_set>

#include "common/posix/error.h"
#include "common/posix/io.h"

namespace talk {
namespace {

constexpr std::size_t kAtOnce = std::size_t{256} << 10;  // bytes read or written

LogState as_state(const struct stat& status) {
  return {status.st_ino, status.st_size, status.st_mtim.tv_sec, status.st_mtim.tv_nsec};
}

// At most `size` bytes from `offset`; fewer only at the file's end.
std::string read_at(int log, std::uint64_t offset, std::size_t size) {
  std::string bytes(size, '\0');
  std::size_t have = 0;
  while (have < size) {
    const ssize_t count =
        ::pread(log, bytes.data() + have, size - have, static_cast<off_t>(offset + have));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw_errno("read the database");
    if (count == 0) break;
    have += static_cast<std::size_t>(count);
  }
  bytes.resize(have);
  return bytes;
}

}  // namespace

StoreForm form_of(int log) {
  return read_at(log, 0, kStoreHeader.size()) == kStoreHeader ? StoreForm::own : StoreForm::foreign;
}

LogState state_of(int log) {
  struct stat status {};
  if (::fstat(log, &status) != 0) throw_errno("look at the database");
  return as_state(status);
}

LogState state_of_database(int dir) {
  struct stat status {};
  if (::fstatat(dir, kDatabase, &status, AT_SYMLINK_NOFOLLOW) == 0) return as_state(status);
  if (errno != ENOENT) throw_errno("look at database.txt");
  return {};
}

// One look for both names.
LogState state_of_database(int dir, const std::string& path) {
  struct stat status {};
  if (::lstat((path + "/" + kDatabase).c_str(), &status) == 0) return as_state(status);
  if (errno == ENOENT || errno == ENOTDIR) return {};
  return state_of_database(dir);  // where the way to it has been closed
}

// Read in pieces, and not through memory that is mapped: a file that a person cuts short meanwhile
// would kill the process.
std::uint64_t scan_log(int log, StoreForm form, std::uint64_t from, std::uint64_t to,
                       const std::function<void(std::uint64_t, std::string_view)>& visit) {
  std::string bytes;  // of the log from `from` on
  while (true) {
    const std::uint64_t next = from + bytes.size();
    if (next >= to) break;
    const std::string more =
        read_at(log, next, static_cast<std::size_t>(std::min<std::uint64_t>(kAtOnce, to - next)));
    if (more.empty()) break;
    std::size_t search = bytes.size();
    std::size_t start = 0;
    bytes += more;
    for (std::size_t end; (end = bytes.find('\n', search)) != bytes.npos; start = search = end + 1)
      visit(from + start, std::string_view(bytes).substr(start, end - start));
    bytes.erase(0, start);
    from += start;
  }
  if (form == StoreForm::own || bytes.empty()) return from;
  visit(from, bytes);
  return from + bytes.size();
}

std::uint64_t count_lines(int log) {
  std::uint64_t lines = 1;
  std::uint64_t from = 0;
  while (true) {
    const std::string bytes = read_at(log, from, kAtOnce);
    if (bytes.empty()) return lines;
    lines += static_cast<std::uint64_t>(std::ranges::count(bytes, '\n'));
    from += bytes.size();
  }
}

std::uint64_t count_keys(int log, StoreForm form) {
  std::unordered_set<std::int64_t> keys;
  scan_log(log, form, 0, static_cast<std::uint64_t>(state_of(log).size),
           [&](std::uint64_t, std::string_view line) {
             const StoreRecord record = parse_store_record(form, line);
             if (record.kind == StoreRecord::Kind::put) keys.insert(record.key);
             if (record.kind == StoreRecord::Kind::del) keys.erase(record.key);
           });
  return keys.size();
}

UnreadLines index_log(int log, StoreForm form, std::uint64_t to, StoreIndex& index) {
  StoreHeader& header = index.header();
  UnreadLines unread;
  const auto visit = [&](std::uint64_t offset, std::string_view line) {
    const StoreRecord record = parse_store_record(form, line);
    if (record.kind == StoreRecord::Kind::none) {
      const bool nothing = line.empty() || line.starts_with('#') || line.starts_with('\0');
      if (!nothing && unread.count++ == 0) unread.first = line;
      return;
    }
    ++header.records;
    if (record.kind == StoreRecord::Kind::put)
      index.put(record.key, {offset, line.size()});
    else
      index.erase(record.key);
  };
  header.form = form;
  header.end = scan_log(log, form, 0, to, visit);
  return unread;
}

std::optional<std::string> read_value(int log, StoreForm form, const Place& place,
                                      std::int64_t key) {
  const std::string line = read_at(log, place.offset, static_cast<std::size_t>(place.size));
  const StoreRecord record = parse_store_record(form, line);
  const bool whole = line.size() == place.size && line.find('\n') == line.npos;
  if (!whole || record.kind != StoreRecord::Kind::put || record.key != key) return std::nullopt;
  return std::string(record.value);
}

bool is_a_persons(std::string_view line) {
  const bool header = kStoreHeader.starts_with(line);
  return !header && !line.starts_with('\0') &&
         parse_store_record(StoreForm::own, line).kind == StoreRecord::Kind::none;
}

void keep_unread(int dir, std::string_view lines) {
  constexpr int kFlags = O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC;
  const OwnedFd file(::openat(dir, "database.txt.unread", kFlags, 0666));
  if (!file) throw_errno("keep lines of the database");
  const auto size = static_cast<std::uint64_t>(state_of(file.get()).size);
  // The same lines again, as whole ones, are those of a process that died before they were out of
  // the database; half a line is of one that died in the middle of this.
  const std::uint64_t from = size - std::min<std::uint64_t>(size, lines.size() + 1);
  const std::string last = "\n" + read_at(file.get(), from, lines.size() + 1);
  if (!last.ends_with("\n" + std::string(lines))) {
    try {
      write_all(file.get(), (last.back() == '\n' ? "" : "\n") + std::string(lines),
                "keep lines of the database");
    } catch (const std::system_error&) {
      [[maybe_unused]] const int cut = ::ftruncate(file.get(), static_cast<off_t>(size));
      throw;
    }
  }
  if (::fsync(file.get()) != 0 || ::fsync(dir) != 0) throw_errno("keep lines of the database");
}

std::string read_log(int log, std::uint64_t from, std::uint64_t to) {
  return read_at(log, from, static_cast<std::size_t>(to - from));
}

LogWriter::LogWriter(int dir)
    : dir_(dir), name_(std::string(kNewDatabasePrefix) + std::to_string(::getpid())) {
  ::unlinkat(dir_, name_.c_str(), 0);  // of a process that had the number before
  constexpr int kFlags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  log_.reset(::openat(dir_, name_.c_str(), kFlags, 0666));
  if (!log_) throw_errno("make a new database");
  append(kStoreHeader);
}

LogWriter::~LogWriter() {
  if (!name_.empty()) ::unlinkat(dir_, name_.c_str(), 0);
}

Place LogWriter::append(std::string_view record) {
  const Place place{end_, record.size() - 1};
  waiting_.append(record);
  end_ += record.size();
  if (waiting_.size() >= kAtOnce) write_out();
  return place;
}

void LogWriter::write_out() {
  write_all(log_.get(), waiting_, "write the database anew");
  waiting_.clear();
}

void LogWriter::flush() {
  write_out();
  if (::fdatasync(log_.get()) != 0) throw_errno("bring the database to disk");
}

void LogWriter::publish() {
  if (::renameat(dir_, name_.c_str(), dir_, kDatabase) != 0) throw_errno("name database.txt");
  name_.clear();
}

}  // namespace talk
