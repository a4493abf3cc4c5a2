// The bytes of database.txt: reading its lines, its records, and writing a new one.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "common/posix/owned_fd.h"
#include "server_handler/store/index.h"
#include "server_handler/store/record.h"

namespace talk {

// All throw std::system_error.

// The name in DIR.
inline constexpr char kDatabase[] = "database.txt";
// What every file that is to take its place begins with.
inline constexpr std::string_view kNewDatabasePrefix = ".database.new-";

StoreForm form_of(int log);
LogState state_of(int log);
// Of the file that is called database.txt now; all zeroes where there is none. `path` is that of
// the directory `dir`, whose name may have become another's.
LogState state_of_database(int dir);
LogState state_of_database(int dir, const std::string& path);

// Calls `visit` with each line of [from, to) and its offset; `from` is the beginning of a line.
// In our own form a last line without its end is left out. Returns the end of what was visited.
std::uint64_t scan_log(int log, StoreForm form, std::uint64_t from, std::uint64_t to,
                       const std::function<void(std::uint64_t, std::string_view)>& visit);

// Upper bound of the records in the log.
std::uint64_t count_lines(int log);
// Those that live, which takes longer, and memory.
std::uint64_t count_keys(int log, StoreForm form);

// Lines that are not in force: nothing that is understood, and neither a comment nor a hole.
struct UnreadLines {
  std::uint64_t count = 0;
  std::string first;
};

// Brings what the log says up to `to` into an empty index, up to its last whole line.
UnreadLines index_log(int log, StoreForm form, std::uint64_t to, StoreIndex& index);

// The value that the record at `place` gives `key`; nothing where it is no such record (any more).
std::optional<std::string> read_value(int log, StoreForm form, const Place& place,
                                      std::int64_t key);

// What is in the log and no record of ours, nor what is left of a released one: a person wrote it.
bool is_a_persons(std::string_view line);

// Appends lines to database.txt.unread, where they wait for the person who wrote them, and brings
// them onto the disk.
void keep_unread(int dir, std::string_view lines);

// The bytes of [from, to), fewer where it ends before.
std::string read_log(int log, std::uint64_t from, std::uint64_t to);

// Writes a log in our own form from its beginning, in large pieces.
class LogWriter {
 public:
  // Under a name of this process's own.
  explicit LogWriter(int dir);
  // Removes what was not published.
  ~LogWriter();
  LogWriter(const LogWriter&) = delete;
  LogWriter& operator=(const LogWriter&) = delete;

  Place append(std::string_view record);  // which ends in a line feed
  void write_out();                       // to the kernel
  void flush();                           // onto the disk
  void publish();                         // it is database.txt now; written out before
  std::uint64_t end() const { return end_; }
  int file() const { return log_.get(); }

 private:
  int dir_;
  std::string name_;  // empty once it is database.txt
  OwnedFd log_;
  std::string waiting_;
  std::uint64_t end_ = 0;  // waiting_ included, bytes
};

}  // namespace talk
