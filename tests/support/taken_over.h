// A process as whoever has taken it over would use it: system calls are made inside of it, by
// ptrace, with the rights that it has. On x86-64 Linux.
#pragma once

#include <sys/types.h>
#include <sys/user.h>

#include <array>
#include <string>

namespace talk::test {

class TakenOver {
 public:
  // Waits until the process waits in a system call, which goes on when this object goes. Throws
  // std::runtime_error where that cannot be had.
  explicit TakenOver(pid_t pid);
  ~TakenOver();
  TakenOver(const TakenOver&) = delete;
  TakenOver& operator=(const TakenOver&) = delete;

  using Word = unsigned long long;
  // The result, or minus the errno.
  long call(long number, std::array<Word, 6> arguments = {});
  // Puts `bytes`, with a NUL behind them, into its memory, in the place of those before.
  Word put(const std::string& bytes);

 private:
  pid_t pid_;
  user_regs_struct registers_{};
  Word scratch_ = 0;
};

}  // namespace talk::test
