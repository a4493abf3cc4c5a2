// The bytes of database.txt: reading its lines, its records, and writing a new one.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "common/posix/owned_fd.h"
#include "server_handler/store/index.h"
#include "server_handler/store/record.h"

namespace talk {

// All throw std::system_error.

StoreForm form_of(int log);
LogState state_of(int log);

// Calls `visit` with each line of [from, to) and its offset; `from` is the beginning of a line.
// In our own form a last line without its end is left out. Returns the end of what was visited.
std::uint64_t scan_log(int log, StoreForm form, std::uint64_t from, std::uint64_t to,
                       const std::function<void(std::uint64_t, std::string_view)>& visit);

// Upper bound of the records in the log.
std::uint64_t count_lines(int log);

// Brings what the log says into an empty index, up to its last whole line.
void index_log(int log, StoreForm form, StoreIndex& index);

// The value of the record that begins at `offset`.
std::string read_value(int log, StoreForm form, std::uint64_t offset);

// Writes a log in our own form from its beginning, in large pieces.
class LogWriter {
 public:
  explicit LogWriter(OwnedFd log);
  std::uint64_t append(std::string_view lines);  // returns their offset
  void flush();                                  // onto the disk
  std::uint64_t end() const { return end_; }
  int file() const { return log_.get(); }

 private:
  void write_out();

  OwnedFd log_;
  std::string waiting_;
  std::uint64_t end_ = 0;  // waiting_ included, bytes
};

}  // namespace talk
