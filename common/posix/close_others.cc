#include "common/posix/close_others.h"

#include <sys/select.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/syscall.h>
#endif

namespace talk {

void close_others(int kept) {
#ifdef SYS_close_range
  const auto first = static_cast<unsigned>(kept);
  const bool below = first == STDERR_FILENO + 1 ||
                     ::syscall(SYS_close_range, STDERR_FILENO + 1, first - 1, 0) == 0;
  if (below && ::syscall(SYS_close_range, first + 1, ~0U, 0) == 0) return;
#endif
  for (int fd = STDERR_FILENO + 1; fd < FD_SETSIZE; ++fd)
    if (fd != kept) ::close(fd);
}

}  // namespace talk
