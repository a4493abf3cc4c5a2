#include "common/confine/limits.h"

#include <sys/resource.h>
#ifdef __linux__
#include <sys/sysinfo.h>
#endif

#include <algorithm>

namespace talk {
namespace {

constexpr rlim_t kMemory = rlim_t{1} << 30;  // bytes that are the process's own
constexpr rlim_t kDescriptors = 32;
// Files on their way: two for each of a group that is published and of up to 200 whose sender may
// not have heard that they are stored, one for each that is sent; a directory walk with all its
// levels, and the board's connections. What is waited for lies below FD_SETSIZE all the same.
constexpr rlim_t kDescriptorsOfTalk = 960;

// Processes and threads that this user may have beyond those that the whole system has now: for all
// sessions of a full house, and an end to one that does nothing but copy itself. (Root's have
// none.)
constexpr rlim_t kMoreProcesses = 10'000;

// An owner's own lower limit stays.
void lower(int resource, rlim_t most) {
  rlimit limit{};
  if (::getrlimit(resource, &limit) != 0) return;
  limit.rlim_cur = std::min(limit.rlim_cur, most);
  limit.rlim_max = std::min(limit.rlim_max, most);
  ::setrlimit(resource, &limit);
}

}  // namespace

// Nobody's words are left in a file when the process dies.
void set_limits(const Rights& rights) {
  lower(RLIMIT_CORE, 0);
  lower(RLIMIT_NOFILE, rights.talks ? kDescriptorsOfTalk : kDescriptors);
  lower(RLIMIT_DATA, kMemory);
#ifdef __linux__
  struct sysinfo now {};
  if ((rights.talks || rights.copies_itself) && ::sysinfo(&now) == 0)
    lower(RLIMIT_NPROC, now.procs + kMoreProcesses);
#endif
}

}  // namespace talk
