#include "talk_server/window/watch.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include "talk_server/window/terminal.h"
#include "tests/support/process.h"

namespace talk {
namespace {

OwnedFd visitor() { return OwnedFd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)); }

TEST(WindowWatch, AWindowHasHalfAMinuteToCome) {
  const test::Process terminal({"sleep", "1000"});  // has no child
  const Time now = Clock::now();
  WindowWatch watch;
  watch.add(terminal.pid(), visitor(), true, now);
  EXPECT_TRUE(watch.next_look(now));
  EXPECT_TRUE(watch.take_overdue(now + seconds(29)).empty());
  const auto overdue = watch.take_overdue(now + seconds(30));
  ASSERT_EQ(overdue.size(), 1u);
  EXPECT_EQ(overdue[0].pid, terminal.pid());
  EXPECT_TRUE(overdue[0].visitor);
  EXPECT_FALSE(watch.next_look(now));
}

TEST(WindowWatch, AProgramInItShowsThatItHasCome) {
  const test::Process sleeper({"sleep", "1000"});
  WindowWatch watch;
  const Time now = Clock::now();
  watch.add(::getpid(), visitor(), true, now);
  EXPECT_TRUE(watch.take_overdue(now + seconds(31)).empty());
  EXPECT_FALSE(watch.next_look(now));
  EXPECT_FALSE(watch.take(::getpid()));  // nobody is to be told
}

TEST(WindowWatch, OfATerminalThatIsNotKnownNothingIsExpected) {
  WindowWatch watch;
  const Time now = Clock::now();
  watch.add(1, visitor(), false, now);
  EXPECT_FALSE(watch.next_look(now));
  EXPECT_TRUE(watch.take_overdue(now + kWindowPatience).empty());
}

}  // namespace
}  // namespace talk
