// Signals that arrive only inside the wait. They are blocked while the program works, a handler
// only sets a flag, and the flag is looked at before the data.
#pragma once

#include <signal.h>

#include <initializer_list>

namespace talk {

class Signals {
 public:
  // From here on these signals are noted instead of acting. SIGPIPE is ignored besides.
  // One object a process; it stays in force until the process ends.
  explicit Signals(std::initializer_list<int> signals);

  // The mask for the wait: the process's own, with the noted signals let in.
  const sigset_t& wait_mask() const { return wait_mask_; }

  // Whether `signal` came since it was last taken.
  bool take(int signal);

  // The process dies by `signal` as if it had never been caught, so that its parent sees why.
  [[noreturn]] static void die_by(int signal);
  // The process stops as ^Z stops any other, and this returns when it is continued (at once where
  // nobody could continue it: in a window without a shell).
  static void stop_by(int signal);

 private:
  sigset_t wait_mask_;
};

// Signals belong to the main thread's wait: a thread that is started meanwhile inherits a mask that
// lets none in.
class AllSignalsBlocked {
 public:
  AllSignalsBlocked();
  ~AllSignalsBlocked();
  AllSignalsBlocked(const AllSignalsBlocked&) = delete;
  AllSignalsBlocked& operator=(const AllSignalsBlocked&) = delete;

 private:
  sigset_t before_;
};

// Default dispositions and an empty mask, whatever was inherited (a handler must not run with
// signals that its parent ignored): of the signals that people and terminals send, for each costs
// a system call.
void reset_inherited_signals();

}  // namespace talk
