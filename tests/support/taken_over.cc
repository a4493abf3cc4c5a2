#include "tests/support/taken_over.h"

#include <fcntl.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <stdexcept>

#include "common/posix/owned_fd.h"
#include "tests/support/wait_until.h"

namespace talk::test {
namespace {

// The lowest mapped address of its stack: nothing is there yet.
TakenOver::Word unused_memory(pid_t pid) {
  std::ifstream maps("/proc/" + std::to_string(pid) + "/maps");
  for (std::string line; std::getline(maps, line);)
    if (line.ends_with("[stack]")) return std::stoull(line, nullptr, 16);
  throw std::runtime_error("take a process over: it has no stack");
}

bool waits(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/syscall");
  std::string first;
  return file >> first && first != "running" && first != "-1";
}

}  // namespace

#ifdef __x86_64__

TakenOver::TakenOver(pid_t pid) : pid_(pid) {
  if (!wait_until([&] { return waits(pid); }))
    throw std::runtime_error("take a process over: it does not wait");
  int status = 0;
  if (::ptrace(PTRACE_ATTACH, pid, nullptr, nullptr) != 0 || ::waitpid(pid, &status, 0) != pid ||
      ::ptrace(PTRACE_GETREGS, pid, nullptr, &registers_) != 0)
    throw std::runtime_error("take a process over: it cannot be traced");
  scratch_ = unused_memory(pid);
}

TakenOver::~TakenOver() {
  ::ptrace(PTRACE_SETREGS, pid_, nullptr, &registers_);
  ::ptrace(PTRACE_DETACH, pid_, nullptr, nullptr);
}

// The instruction that it waits in is run once more, with other registers.
long TakenOver::call(long number, std::array<Word, 6> arguments) {
  constexpr Word kSizeOfInstruction = 2;
  user_regs_struct now = registers_;
  now.rip -= kSizeOfInstruction;
  now.rax = static_cast<Word>(number);
  now.orig_rax = ~Word{0};
  now.rdi = arguments[0];
  now.rsi = arguments[1];
  now.rdx = arguments[2];
  now.r10 = arguments[3];
  now.r8 = arguments[4];
  now.r9 = arguments[5];
  int status = 0;
  if (::ptrace(PTRACE_SETREGS, pid_, nullptr, &now) != 0 ||
      ::ptrace(PTRACE_SINGLESTEP, pid_, nullptr, nullptr) != 0 ||
      ::waitpid(pid_, &status, 0) != pid_ || !WIFSTOPPED(status) ||
      ::ptrace(PTRACE_GETREGS, pid_, nullptr, &now) != 0)
    throw std::runtime_error("call " + std::to_string(number) + " in a process: it is gone");
  return static_cast<long>(now.rax);
}

#else

TakenOver::TakenOver(pid_t pid) : pid_(pid) {
  throw std::runtime_error("take a process over: not on this processor");
}
TakenOver::~TakenOver() = default;
long TakenOver::call(long, std::array<Word, 6>) { return -ENOSYS; }

#endif

TakenOver::Word TakenOver::put(const std::string& bytes) {
  const std::string path = "/proc/" + std::to_string(pid_) + "/mem";
  const OwnedFd memory(::open(path.c_str(), O_RDWR | O_CLOEXEC));
  const auto size = static_cast<ssize_t>(bytes.size() + 1);
  if (::pwrite(memory.get(), bytes.c_str(), bytes.size() + 1, static_cast<off_t>(scratch_)) != size)
    throw std::runtime_error("put bytes into a process");
  return scratch_;
}

}  // namespace talk::test
