#include "tests/support/wait_until.h"

#include <poll.h>

namespace talk::test {

bool wait_until(const std::function<bool()>& condition, milliseconds patience) {
  const Time deadline = Clock::now() + patience;
  while (!condition()) {
    if (Clock::now() >= deadline) return false;
    ::poll(nullptr, 0, 5);
  }
  return true;
}

}  // namespace talk::test
