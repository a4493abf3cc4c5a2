#include "server_handler/store/robust_mutex.h"

#include <time.h>

#include <cerrno>

#include "common/posix/error.h"

namespace talk {

void RobustMutex::initialise() {
  pthread_mutexattr_t attributes;
  ::pthread_mutexattr_init(&attributes);
  ::pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
  ::pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
  const int error = ::pthread_mutex_init(&mutex_, &attributes);
  ::pthread_mutexattr_destroy(&attributes);
  if (error != 0) throw_error(error, "make a lock");
}

bool RobustMutex::lock(milliseconds patience) {
  timespec until{};
  ::clock_gettime(CLOCK_REALTIME, &until);
  const auto nanoseconds = until.tv_nsec + std::chrono::nanoseconds(patience).count();
  until.tv_sec += nanoseconds / 1'000'000'000;
  until.tv_nsec = static_cast<long>(nanoseconds % 1'000'000'000);
  const int error = ::pthread_mutex_timedlock(&mutex_, &until);
  if (error == ETIMEDOUT) throw Busy();
  if (error == EOWNERDEAD) ::pthread_mutex_consistent(&mutex_);
  if (error != 0 && error != EOWNERDEAD) throw_error(error, "take a lock");
  return error == EOWNERDEAD;
}

bool RobustMutex::try_lock() {
  const int error = ::pthread_mutex_trylock(&mutex_);
  if (error == EOWNERDEAD) ::pthread_mutex_consistent(&mutex_);
  return error == 0 || error == EOWNERDEAD;
}

}  // namespace talk
