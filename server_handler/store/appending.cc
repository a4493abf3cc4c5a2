#include "server_handler/store/appending.h"

#include <unistd.h>

#include <cerrno>
#include <string>

#include "common/posix/error.h"
#include "server_handler/store/database_log.h"

namespace talk {

int append_to_log(int log, StoreHeader& header, std::string_view records) {
  Appending& appending = header.appending;
  std::uint64_t end = header.end;
  while (!records.empty()) {
    appending.end = end;
    const std::size_t size = records.copy(appending.next.data(), appending.next.size());
    const ssize_t count = ::pwrite(log, records.data(), size, static_cast<off_t>(end));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      const int error = errno;
      if (::ftruncate(log, static_cast<off_t>(header.end)) != 0)
        throw_errno("cut an unfinished line off the database");
      appending.end = 0;
      header.seen = state_of(log);
      return error;
    }
    end += static_cast<std::uint64_t>(count);
    records.remove_prefix(static_cast<std::size_t>(count));
  }
  appending.end = 0;
  return 0;
}

void cut_half_append(int log, const StoreHeader& header) {
  const std::uint64_t written = header.appending.end;
  const auto size = static_cast<std::uint64_t>(state_of(log).size);
  const std::string_view next(header.appending.next.data(), header.appending.next.size());
  if (written == 0 || size == header.end || size < written || size > written + next.size()) return;
  if (!next.starts_with(read_log(log, written, size))) return;
  // Where it cannot be cut it is an unfinished line like others.
  [[maybe_unused]] const int cut = ::ftruncate(log, static_cast<off_t>(header.end));
}

}  // namespace talk
