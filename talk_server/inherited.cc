#include "talk_server/inherited.h"

#include <fcntl.h>
#include <unistd.h>

#include "common/posix/directory_entries.h"
#include "common/posix/error.h"
#include "common/posix/owned_fd.h"
#include "common/text/decimal.h"

namespace talk {

void close_on_exec_from(int lowest) {
  DirectoryEntries open_ones("/dev/fd");
  if (!open_ones) return;
  while (const dirent* entry = open_ones.next()) {
    const auto fd = decimal<int>(entry->d_name);
    if (fd && *fd >= lowest) ::fcntl(*fd, F_SETFD, FD_CLOEXEC);
  }
}

void leave_standard_streams() {
  const OwnedFd null(::open("/dev/null", O_RDWR | O_CLOEXEC));
  if (!null) throw_errno("open /dev/null");
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO})
    if (::dup2(null.get(), fd) < 0) throw_errno("leave standard input and output");
}

}  // namespace talk
