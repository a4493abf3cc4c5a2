#include "common/confine/system_calls.h"

#if defined(__linux__) && (defined(__x86_64__) || defined(__aarch64__))
#define TALK_HAS_SECCOMP
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <iterator>

#include "common/confine/seccomp_filter.h"
#include "common/posix/bug.h"
#endif

namespace talk {

#ifdef TALK_HAS_SECCOMP
namespace {

#ifdef __x86_64__
constexpr std::uint32_t kProcessor = AUDIT_ARCH_X86_64;
#else
constexpr std::uint32_t kProcessor = AUDIT_ARCH_AARCH64;
#endif

// A call that one processor lacks is named for the other.

constexpr int kAlways[] = {
    // the visitor's connection, and what else is open
    SYS_read,
    SYS_write,
    SYS_readv,
    SYS_writev,
    SYS_recvfrom,
    SYS_sendto,
    SYS_close,
    SYS_shutdown,
    SYS_getsockopt,
    SYS_getpeername,
    SYS_getsockname,
    SYS_fstat,
    SYS_lseek,
    // waiting
    SYS_pselect6,
    SYS_ppoll,
    SYS_restart_syscall,
    SYS_futex,
    SYS_nanosleep,
    SYS_clock_nanosleep,
    SYS_clock_gettime,
    SYS_gettimeofday,
    SYS_sched_yield,
    // memory
    SYS_brk,
    SYS_munmap,
    SYS_mremap,
    SYS_madvise,
    // signals that come in
    SYS_rt_sigaction,
    SYS_rt_sigprocmask,
    SYS_rt_sigreturn,
    SYS_rt_sigpending,
    SYS_sigaltstack,
    // who this is, and its end
    SYS_getpid,
    SYS_getppid,
    SYS_gettid,
    SYS_getuid,
    SYS_geteuid,
    SYS_getgid,
    SYS_getegid,
    SYS_getrandom,
    SYS_uname,
    SYS_sysinfo,
    SYS_exit,
    SYS_exit_group,
#ifdef __x86_64__
    SYS_poll,
    SYS_select,
    SYS_time,
#endif
};

// Which files these reach is Landlock's affair (landlock.h).
constexpr int kFiles[] = {
    SYS_newfstatat, SYS_statx,     SYS_statfs,     SYS_fstatfs,  SYS_faccessat,
    SYS_readlinkat, SYS_getcwd,    SYS_getdents64, SYS_pread64,  SYS_preadv,
    SYS_preadv2,    SYS_fadvise64, SYS_dup,
#ifdef SYS_faccessat2
    SYS_faccessat2,
#endif
#ifdef __x86_64__
    SYS_stat,       SYS_lstat,     SYS_access,     SYS_readlink,
#endif
};

// None changes a mode: that is not Landlock's affair, so it would reach all that is handed over.
constexpr int kFilesWritten[] = {
    SYS_unlinkat,        SYS_linkat,          SYS_renameat2, SYS_flock, SYS_pwrite64,
    SYS_pwritev,         SYS_ftruncate,       SYS_fallocate, SYS_fsync, SYS_fdatasync,
    SYS_sync_file_range, SYS_copy_file_range, SYS_sendfile,
#ifdef SYS_renameat
    SYS_renameat,
#endif
#ifdef __x86_64__
    SYS_unlink,          SYS_rmdir,
#endif
};

// By which the kernel knows what locks to pass on when the copy is killed.
constexpr int kCopies[] = {SYS_set_robust_list};

constexpr int kTalks[] = {
    SYS_accept, SYS_accept4,         SYS_recvmsg,           SYS_sendmsg,
    SYS_pipe2,  SYS_set_robust_list, SYS_sched_getaffinity, SYS_getpgid,
    SYS_wait4,
#ifdef SYS_rseq
    SYS_rseq,
#endif
#ifdef __x86_64__
    SYS_pipe,   SYS_getpgrp,
#endif
};

constexpr int kMonitors[] = {SYS_recvmsg, SYS_sendmsg, SYS_connect};

constexpr std::uint32_t kSocketFamilies[] = {AF_UNIX};

// What the terminal and the connection are asked. TIOCSTI, which types into a terminal, is not.
constexpr std::uint32_t kIoctls[] = {TCGETS,     TCSETS,    TCSETSW,  TCSETSF, TCFLSH,  TCSBRK,
                                     TIOCGWINSZ, TIOCGPGRP, FIONREAD, FIONBIO, SIOCOUTQ};

// F_SETOWN, which has a signal sent to any process, is not among them.
constexpr std::uint32_t kFcntls[] = {F_GETFD, F_SETFD,         F_GETFL,    F_SETFL,
                                     F_DUPFD, F_DUPFD_CLOEXEC, F_SETLEASE, F_SETSIG};

constexpr std::uint32_t kSocketLevels[] = {SOL_SOCKET, IPPROTO_TCP};
// Of both levels; what one of these numbers means at the other needs powers, or does no harm.
constexpr std::uint32_t kSocketOptions[] = {SO_KEEPALIVE,  SO_LINGER,    SO_RCVTIMEO,
                                            TCP_NODELAY,   TCP_QUICKACK, TCP_KEEPIDLE,
                                            TCP_KEEPINTVL, TCP_KEEPCNT,  TCP_NOTSENT_LOWAT};

// Memory that is shared is a file's: of any other the limit on what is the process's own
// (limits.cc) would know nothing.
constexpr std::uint32_t kMappings[] = {MAP_ANONYMOUS, MAP_SHARED, 0};
// What is made is nobody's program, least of all one that has its owner's rights.
constexpr std::uint32_t kNoModeOfFile = 07111;
constexpr std::uint32_t kNoModeOfDirectory = 07000;

constexpr std::uint32_t kWriting = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC;
// Of what fork() asks for nothing is shared; a thread shares everything.
constexpr std::uint32_t kForkFlags = CSIGNAL | CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID;
constexpr std::uint32_t kThreadFlags = CLONE_VM | CLONE_THREAD | CLONE_SIGHAND;

// What Rights say, in a form that the compiler can work with.
struct Kind {
  Rights::Files files = Rights::Files::none;
  bool copies_itself = false;
  bool talks = false;
  bool monitors = false;
};

// Every kind of process that there is.
constexpr Kind kKinds[] = {
    {},
    {.files = Rights::Files::read},
    {.files = Rights::Files::write},
    {.files = Rights::Files::write, .copies_itself = true},
    {.files = Rights::Files::write, .talks = true},
    {.files = Rights::Files::read, .monitors = true},
    {.files = Rights::Files::write, .monitors = true},
};
constexpr std::size_t kCount = std::size(kKinds);

// Stands in the programs for the process's own number.
constexpr std::uint32_t kSelf = 0x53454C46;
constexpr std::uint32_t kOnlySelf[] = {kSelf};

// The argument behind the flags is the mode of a file that is made.
constexpr void allow_opening(SeccompFilter& filter, int call, unsigned flags, Rights::Files files) {
  if (files == Rights::Files::write) return filter.allow_flags(call, flags + 1, 0, kNoModeOfFile);
  filter.allow_flags(call, flags, 0, kWriting);
}

constexpr void allow_files(SeccompFilter& filter, Rights::Files files) {
  if (files == Rights::Files::none) return;
  filter.allow(kFiles);
  allow_opening(filter, SYS_openat, 2, files);
#ifdef __x86_64__
  allow_opening(filter, SYS_open, 1, files);
#endif
  if (files == Rights::Files::read) return;
  filter.allow(kFilesWritten);
  filter.allow_flags(SYS_mkdirat, 2, 0, kNoModeOfDirectory);
#ifdef __x86_64__
  filter.allow_flags(SYS_mkdir, 1, 0, kNoModeOfDirectory);
#endif
}

constexpr void allow_copies(SeccompFilter& filter, const Kind& kind) {
  filter.refuse(SYS_clone3, ENOSYS);  // its flags cannot be seen: the C library asks the older way
  if (kind.copies_itself) {
    filter.allow_flags(SYS_clone, 0, 0, ~kForkFlags);
    filter.allow(kCopies);
  }
  if (kind.talks) filter.allow_flags(SYS_clone, 0, kThreadFlags, 0);
}

constexpr SeccompFilter::Program program_of(const Kind& kind) {
  SeccompFilter filter;
  filter.allow(kAlways);
  filter.allow_flags(SYS_mmap, 2, 0, PROT_EXEC);
  filter.and_one_of(3, kMappings, MAP_SHARED | MAP_ANONYMOUS);
  filter.allow_flags(SYS_mprotect, 2, 0, PROT_EXEC);
  filter.allow_one_of(SYS_fcntl, 1, kFcntls);
  filter.allow_one_of(SYS_ioctl, 1, kIoctls);
  filter.allow_one_of(SYS_setsockopt, 1, kSocketLevels);
  filter.and_one_of(2, kSocketOptions);
  allow_files(filter, kind.files);
  if (kind.talks) filter.allow(kTalks);
  if (kind.monitors) {
    filter.allow(kMonitors);
    filter.allow_one_of(SYS_socket, 0, kSocketFamilies);
  }
  allow_copies(filter, kind);
  filter.allow_one_of(SYS_tgkill, 0, kOnlySelf);
  filter.allow_one_of(SYS_kill, 0, kOnlySelf);
  return filter.program(kProcessor);
}

constexpr std::array<SeccompFilter::Program, kCount> kPrograms = [] {
  std::array<SeccompFilter::Program, kCount> programs;
  for (std::size_t i = 0; i < kCount; ++i) programs[i] = program_of(kKinds[i]);
  return programs;
}();

const SeccompFilter::Program& program_for(const Rights& rights) {
  const auto* const found =
      std::find_if(std::begin(kKinds), std::end(kKinds), [&](const Kind& kind) {
        return kind.files == rights.files && kind.copies_itself == rights.copies_itself &&
               kind.talks == rights.talks && kind.monitors == rights.monitors;
      });
  check(found != std::end(kKinds), "a kind of process that has no filter of system calls");
  return kPrograms[static_cast<std::size_t>(found - std::begin(kKinds))];
}

}  // namespace

bool can_confine_system_calls() {
  const std::uint32_t wanted = SECCOMP_RET_KILL_PROCESS;
  return ::syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &wanted) == 0;
}

bool confine_system_calls(const Rights& rights) {
  const SeccompFilter::Program& made = program_for(rights);
  std::array<sock_filter, SeccompFilter::kMostSteps> steps;
  std::copy_n(made.step.begin(), made.steps, steps.begin());
  const auto self = static_cast<std::uint32_t>(::getpid());
  for (std::size_t i = 0; i < made.steps; ++i)
    if (steps[i].k == kSelf) steps[i].k = self;
  const sock_fprog program{static_cast<unsigned short>(made.steps), steps.data()};
  return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         ::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program) == 0;
}

#else

bool can_confine_system_calls() { return false; }

bool confine_system_calls(const Rights&) { return false; }

#endif

}  // namespace talk
