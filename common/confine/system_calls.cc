#include "common/confine/system_calls.h"

#if defined(__linux__) && (defined(__x86_64__) || defined(__aarch64__))
#define TALK_HAS_SECCOMP
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <vector>
#endif

namespace talk {

#ifdef TALK_HAS_SECCOMP
namespace {

#ifdef __x86_64__
constexpr std::uint32_t kProcessor = AUDIT_ARCH_X86_64;
#else
constexpr std::uint32_t kProcessor = AUDIT_ARCH_AARCH64;
#endif

// ---- The lists. A call that one processor lacks is named for the other. ----

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

constexpr int kFilesWritten[] = {
    SYS_openat,
    SYS_mkdirat,
    SYS_unlinkat,
    SYS_linkat,
    SYS_renameat2,
    SYS_flock,
    SYS_pwrite64,
    SYS_pwritev,
    SYS_ftruncate,
    SYS_fallocate,
    SYS_fsync,
    SYS_fdatasync,
    SYS_sync_file_range,
    SYS_fchmod,
    SYS_umask,
    SYS_copy_file_range,
    SYS_sendfile,
#ifdef SYS_renameat
    SYS_renameat,
#endif
#ifdef __x86_64__
    SYS_open,
    SYS_unlink,
    SYS_rmdir,
    SYS_mkdir,
#endif
};

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

// What the terminal and the connection are asked. TIOCSTI, which types into a terminal, is not.
constexpr std::uint32_t kIoctls[] = {TCGETS,     TCSETS,    TCSETSW,  TCSETSF, TCFLSH,  TCSBRK,
                                     TIOCGWINSZ, TIOCGPGRP, FIONREAD, FIONBIO, SIOCOUTQ};

// F_SETOWN, which has a signal sent to any process, is not among them.
constexpr std::uint32_t kFcntls[] = {F_GETFD, F_SETFD,         F_GETFL,    F_SETFL,
                                     F_DUPFD, F_DUPFD_CLOEXEC, F_SETLEASE, F_SETSIG};

constexpr std::uint32_t kSocketOptions[] = {SOL_SOCKET, IPPROTO_TCP};  // levels

constexpr std::uint32_t kWriting = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC;
// Of what fork() asks for nothing is shared; a thread shares everything.
constexpr std::uint32_t kForkFlags = CSIGNAL | CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID;
constexpr std::uint32_t kThreadFlags = CLONE_VM | CLONE_THREAD | CLONE_SIGHAND;

// ---- The filter, read by the kernel from top to bottom at each call ----

class Filter {
 public:
  Filter() {
    load(offsetof(seccomp_data, arch));
    jump(BPF_JEQ, kProcessor, 1, 0);
    answer(SECCOMP_RET_KILL_PROCESS);
    load(offsetof(seccomp_data, nr));
  }

  void allow(std::span<const int> calls) {
    for (const int call : calls) {
      jump(BPF_JEQ, static_cast<std::uint32_t>(call), 0, 1);
      answer(SECCOMP_RET_ALLOW);
    }
  }

  void refuse(int call, std::uint32_t error) {
    jump(BPF_JEQ, static_cast<std::uint32_t>(call), 0, 1);
    answer(SECCOMP_RET_ERRNO | error);
  }

  // Where the argument (its lower half; counted from 0) is one of those.
  void allow_one_of(int call, unsigned argument, std::span<const std::uint32_t> values) {
    const auto count = static_cast<std::uint8_t>(values.size());
    begin(call, argument, static_cast<std::uint8_t>(count + 3U));
    for (std::uint8_t i = 0; i < count; ++i)
      jump(BPF_JEQ, values[i], static_cast<std::uint8_t>(count - i), 0);
    end();
  }

  // Where the argument has all bits of `with` and none of `without`.
  void allow_flags(int call, unsigned argument, std::uint32_t with, std::uint32_t without) {
    begin(call, argument, 5);
    program_.push_back(BPF_STMT(BPF_ALU | BPF_AND | BPF_K, with | without));
    jump(BPF_JEQ, with, 1, 0);
    end();
  }

  bool install() {
    answer(SECCOMP_RET_ERRNO | EPERM);
    const sock_fprog program{static_cast<unsigned short>(program_.size()), program_.data()};
    return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           ::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program) ==
               0;
  }

 private:
  void load(std::size_t offset) {
    program_.push_back(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, static_cast<std::uint32_t>(offset)));
  }
  void jump(std::uint16_t test, std::uint32_t value, std::uint8_t yes, std::uint8_t no) {
    program_.push_back(
        BPF_JUMP(static_cast<std::uint16_t>(BPF_JMP | BPF_K | test), value, yes, no));
  }
  void answer(std::uint32_t what) { program_.push_back(BPF_STMT(BPF_RET | BPF_K, what)); }

  // The rule for a call: `length` more instructions are skipped for every other one.
  void begin(int call, unsigned argument, std::uint8_t length) {
    jump(BPF_JEQ, static_cast<std::uint32_t>(call), 0, length);
    load(offsetof(seccomp_data, args) + argument * sizeof(std::uint64_t));
  }
  void end() {
    answer(SECCOMP_RET_ERRNO | EPERM);
    answer(SECCOMP_RET_ALLOW);
  }

  std::vector<sock_filter> program_;
};

void allow_files(Filter& filter, const Rights& rights) {
  if (rights.files == Rights::Files::none) return;
  filter.allow(kFiles);
  if (rights.files == Rights::Files::write) return filter.allow(kFilesWritten);
  filter.allow_flags(SYS_openat, 2, 0, kWriting);
#ifdef __x86_64__
  filter.allow_flags(SYS_open, 1, 0, kWriting);
#endif
}

void allow_copies(Filter& filter, const Rights& rights) {
  filter.refuse(SYS_clone3, ENOSYS);  // its flags cannot be seen: the C library asks the older way
  if (rights.copies_itself) filter.allow_flags(SYS_clone, 0, 0, ~kForkFlags);
  if (rights.talks) filter.allow_flags(SYS_clone, 0, kThreadFlags, 0);
}

}  // namespace

bool can_confine_system_calls() {
  const std::uint32_t wanted = SECCOMP_RET_KILL_PROCESS;
  return ::syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &wanted) == 0;
}

// What is called most often stands first.
bool confine_system_calls(const Rights& rights) {
  const std::uint32_t self[] = {static_cast<std::uint32_t>(::getpid())};
  Filter filter;
  filter.allow(kAlways);
  filter.allow_flags(SYS_mmap, 2, 0, PROT_EXEC);
  filter.allow_flags(SYS_mprotect, 2, 0, PROT_EXEC);
  filter.allow_one_of(SYS_fcntl, 1, kFcntls);
  filter.allow_one_of(SYS_ioctl, 1, kIoctls);
  filter.allow_one_of(SYS_setsockopt, 1, kSocketOptions);
  allow_files(filter, rights);
  if (rights.talks) filter.allow(kTalks);
  allow_copies(filter, rights);
  filter.allow_one_of(SYS_tgkill, 0, self);
  filter.allow_one_of(SYS_kill, 0, self);
  return filter.install();
}

#else

bool can_confine_system_calls() { return false; }

bool confine_system_calls(const Rights&) { return false; }

#endif

}  // namespace talk
