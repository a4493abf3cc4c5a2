// The one wait, with a real descriptor and real signals.
#include "common/posix/wait_set.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <array>

#include "common/posix/owned_fd.h"
#include "common/posix/signals.h"

namespace talk::test {
namespace {

TEST(WaitSet, ADescriptorThatIsAlwaysReadyKeepsNoSignalAway) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  const OwnedFd out(ends[0]);
  const OwnedFd in(ends[1]);
  ASSERT_EQ(::write(in.get(), "x", 1), 1);
  Signals signals({SIGTERM});
  ::kill(::getpid(), SIGTERM);
  WaitSet wait;
  wait.want_read(out.get());
  wait.wait(signals.wait_mask());
  EXPECT_TRUE(signals.take(SIGTERM));
}

}  // namespace
}  // namespace talk::test
