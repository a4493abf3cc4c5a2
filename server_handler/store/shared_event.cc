#include "server_handler/store/shared_event.h"

#ifdef __linux__
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <climits>
#else
#include <thread>
#endif

namespace talk {

#ifdef __linux__

namespace {

// Where a time is wider than a long, its form has a call of its own.
#ifdef SYS_futex_time64
constexpr long kFutex = sizeof(time_t) > sizeof(long) ? SYS_futex_time64 : SYS_futex;
#else
constexpr long kFutex = SYS_futex;
#endif

}  // namespace

// A condition variable would do the same, but one whose waiter was killed may block its signallers.
void SharedEvent::announce() {
  ++count_;
  ::syscall(kFutex, &count_, FUTEX_WAKE, INT_MAX, nullptr, nullptr, 0);
}

void SharedEvent::wait(std::uint32_t seen, milliseconds patience) {
  const auto nanoseconds = std::chrono::nanoseconds(patience).count();
  const timespec timeout{static_cast<time_t>(nanoseconds / 1'000'000'000),
                         static_cast<long>(nanoseconds % 1'000'000'000)};
  ::syscall(kFutex, &count_, FUTEX_WAIT, seen, &timeout, nullptr, 0);
}

#else

void SharedEvent::announce() { ++count_; }

void SharedEvent::wait(std::uint32_t seen, milliseconds patience) {
  const Time deadline = Clock::now() + patience;
  while (count_ == seen && Clock::now() < deadline)
    std::this_thread::sleep_for(std::chrono::microseconds(100));
}

#endif

}  // namespace talk
