// A lock between processes, in memory that they share, that is passed on when its holder dies.
#pragma once

#include <pthread.h>

#include <mutex>
#include <utility>

namespace talk {

class RobustMutex {
 public:
  // Must run before any process uses it, and while none does.
  void initialise();

  // True: the holder before died while it had the lock, and may have left its work half done.
  // Throw std::system_error.
  [[nodiscard]] bool lock();
  // Whether the lock was to be had at once.
  [[nodiscard]] bool try_lock();
  void unlock() { ::pthread_mutex_unlock(&mutex_); }

 private:
  pthread_mutex_t mutex_;
};

class [[nodiscard]] RobustLock {
 public:
  explicit RobustLock(RobustMutex& mutex) : mutex_(&mutex), owner_died_(mutex.lock()) {}
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
