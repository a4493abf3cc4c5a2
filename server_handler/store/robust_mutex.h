// A lock between processes, in memory that they share, that is passed on when its holder dies.
// From a holder that is stopped (SIGSTOP, a debugger, a hanging disk) it cannot be taken: once it
// goes on it would write over what others have done. So nobody waits for ever.
#pragma once

#include <pthread.h>

#include <mutex>
#include <stdexcept>
#include <utility>

#include "common/posix/clock.h"

namespace talk {

// A lock was not to be had within the patience: its holder is stopped, or very slow.
class Busy : public std::runtime_error {
 public:
  Busy() : std::runtime_error("the database is busy") {}
};

class RobustMutex {
 public:
  // Must run before any process uses it, and while none does.
  void initialise();

  // True: the holder before died while it had the lock, and may have left its work half done.
  // Throws Busy, or std::system_error.
  [[nodiscard]] bool lock(milliseconds patience);
  // Whether the lock was to be had at once.
  [[nodiscard]] bool try_lock();
  void unlock() { ::pthread_mutex_unlock(&mutex_); }

 private:
  pthread_mutex_t mutex_;
};

class [[nodiscard]] RobustLock {
 public:
  RobustLock(RobustMutex& mutex, milliseconds patience)
      : mutex_(&mutex), owner_died_(mutex.lock(patience)) {}
  // Takes over one that this process holds.
  RobustLock(RobustMutex& mutex, std::adopt_lock_t) : mutex_(&mutex), owner_died_(false) {}
  RobustLock(RobustLock&& other) noexcept
      : mutex_(std::exchange(other.mutex_, nullptr)), owner_died_(other.owner_died_) {}
  RobustLock& operator=(RobustLock&&) = delete;
  ~RobustLock() {
    if (mutex_ != nullptr) mutex_->unlock();
  }
  bool owner_died() const { return owner_died_; }

 private:
  RobustMutex* mutex_;
  bool owner_died_;
};

}  // namespace talk
