#include "server_handler/store/database_log.h"

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "common/posix/error.h"
#include "common/posix/io.h"

namespace talk {
namespace {

constexpr std::size_t kWriteSize = std::size_t{256} << 10;

// The first bytes of a file, to be read through memory.
class Mapped {
 public:
  Mapped(int file, std::uint64_t size) : size_(static_cast<std::size_t>(size)) {
    if (size_ == 0) return;
    memory_ = ::mmap(nullptr, size_, PROT_READ, MAP_SHARED, file, 0);
    if (memory_ == MAP_FAILED) throw_errno("map the database");
  }
  ~Mapped() {
    if (size_ > 0) ::munmap(memory_, size_);
  }
  Mapped(const Mapped&) = delete;
  Mapped& operator=(const Mapped&) = delete;
  std::string_view bytes() const { return {static_cast<const char*>(memory_), size_}; }

 private:
  void* memory_ = nullptr;
  std::size_t size_;
};

std::uint64_t size_of(int log) { return static_cast<std::uint64_t>(state_of(log).size); }

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
  return {status.st_ino, status.st_size, status.st_mtim.tv_sec, status.st_mtim.tv_nsec};
}

std::uint64_t scan_log(int log, StoreForm form, std::uint64_t from, std::uint64_t to,
                       const std::function<void(std::uint64_t, std::string_view)>& visit) {
  const Mapped mapped(log, to);
  const std::string_view bytes = mapped.bytes();
  while (from < to) {
    const std::size_t end = bytes.find('\n', from);
    if (end == bytes.npos) {
      if (form == StoreForm::own) break;
      visit(from, bytes.substr(from));
      return to;
    }
    visit(from, bytes.substr(from, end - from));
    from = end + 1;
  }
  return from;
}

std::uint64_t count_lines(int log) {
  const Mapped mapped(log, size_of(log));
  const std::string_view bytes = mapped.bytes();
  return static_cast<std::uint64_t>(std::ranges::count(bytes, '\n')) + 1;
}

void index_log(int log, StoreForm form, StoreIndex& index) {
  StoreHeader& header = index.header();
  const auto visit = [&](std::uint64_t offset, std::string_view line) {
    const StoreRecord record = parse_store_record(form, line);
    if (record.kind == StoreRecord::Kind::none) return;
    ++header.records;
    if (record.kind == StoreRecord::Kind::put)
      index.put(record.key, offset);
    else
      index.erase(record.key);
  };
  header.form = form;
  header.synced = 0;
  header.end = scan_log(log, form, 0, size_of(log), visit);
}

std::string read_value(int log, StoreForm form, std::uint64_t offset) {
  for (std::size_t size = 512;; size *= 16) {  // most values are short
    const std::string bytes = read_at(log, offset, size);
    const std::size_t end = bytes.find('\n');
    if (end == bytes.npos && bytes.size() == size) continue;
    const std::string_view line = std::string_view(bytes).substr(0, end);
    return std::string(parse_store_record(form, line).value);
  }
}

LogWriter::LogWriter(OwnedFd log) : log_(std::move(log)) { append(kStoreHeader); }

std::uint64_t LogWriter::append(std::string_view lines) {
  const std::uint64_t offset = end_;
  waiting_.append(lines);
  end_ += lines.size();
  if (waiting_.size() >= kWriteSize) write_out();
  return offset;
}

void LogWriter::write_out() {
  write_all(log_.get(), waiting_, "write the database anew");
  waiting_.clear();
}

void LogWriter::flush() {
  write_out();
  if (::fdatasync(log_.get()) != 0) throw_errno("bring the database onto the disk");
}

}  // namespace talk
