// Readers who pause, and links that are gone.
#include "common/session/link_watch.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "common/posix/connect.h"
#include "common/posix/io.h"
#include "common/session/session_loop.h"
#include "tests/support/fake_server.h"
#include "tests/support/scripted_screen.h"

namespace talk {
namespace {

using Verdict = LinkWatch::Verdict;

constexpr seconds kPatience{60};
constexpr TcpSigns kClosedWindow{true, false, true, milliseconds(90'000)};
constexpr TcpSigns kUnanswered{true, true, false, milliseconds(90'000)};
constexpr TcpSigns kJustAnswered{true, true, false, milliseconds(40)};
constexpr TcpSigns kIdle{};

TEST(LinkWatch, AClosedWindowThatIsAnsweredForIsNoDeath) {
  LinkWatch watch(kPatience);
  for (Time now{}; now < Time{} + seconds(7200); now += seconds(5))
    EXPECT_EQ(watch.look(kClosedWindow, now), Verdict::not_reading);
}

TEST(LinkWatch, AMinuteWithoutAnAnswerIs) {
  LinkWatch watch(kPatience);
  const Time start{};
  EXPECT_EQ(watch.look(kUnanswered, start), Verdict::nothing_to_say);
  EXPECT_EQ(watch.look(kUnanswered, start + seconds(59)), Verdict::nothing_to_say);
  EXPECT_EQ(watch.look(kUnanswered, start + seconds(60)), Verdict::dead);
}

// Probes of a closed window come up to two minutes apart: each is unanswered for a moment, and the
// answer before it is old.
TEST(LinkWatch, AProbeOnItsWayIsNoDeath) {
  LinkWatch watch(kPatience);
  for (Time now{}; now < Time{} + seconds(7200); now += seconds(120)) {
    EXPECT_EQ(watch.look(kUnanswered, now), Verdict::nothing_to_say);
    EXPECT_EQ(watch.look(kClosedWindow, now + seconds(5)), Verdict::not_reading);
  }
}

TEST(LinkWatch, ALossyLinkIsNotDeadEither) {
  LinkWatch watch(kPatience);
  for (Time now{}; now < Time{} + seconds(600); now += seconds(5))
    EXPECT_EQ(watch.look(kJustAnswered, now), Verdict::nothing_to_say);
  EXPECT_EQ(watch.look(kIdle, Time{} + seconds(600)), Verdict::nothing_to_say);
  EXPECT_EQ(watch.look(std::nullopt, Time{} + seconds(605)), Verdict::nothing_to_say);
}

// The kernel itself: the other end is there and does not read.
TEST(LinkWatch, TheKernelKnowsAReaderWhoHasStopped) {
  test::FakeServer server;
  const OwnedFd caller = connect_to("127.0.0.1", std::to_string(server.port()), seconds(5));
  const OwnedFd reader = server.accept();
  const std::string page(65536, 'x');
  std::optional<TcpSigns> signs;
  const bool closed = test::wait_until([&] {
    while (send_some(caller.get(), page).moved()) {
    }
    signs = read_tcp_signs(caller.get());
    return !signs || (signs->window_closed && !signs->unanswered);
  });
  if (!signs) GTEST_SKIP() << "this system does not say";
  EXPECT_TRUE(closed);
  EXPECT_TRUE(signs->outstanding);
}

// With TCP_USER_TIMEOUT the kernel cuts off, after a minute, a reader whose every probe is
// answered.
TEST(LinkWatch, ATalkLeavesTheJudgementToIt) {
  test::FakeServer server;
  const OwnedFd caller = connect_to("127.0.0.1", std::to_string(server.port()), seconds(5));
  test::ScriptedScreen screen;
  Transfers transfers{Transfers::Options{}};
  Signals signals({});
  const SessionLoop loop(caller.get(), {}, screen, transfers, signals);
  unsigned timeout = 1;
  socklen_t size = sizeof timeout;
  ASSERT_EQ(::getsockopt(caller.get(), IPPROTO_TCP, TCP_USER_TIMEOUT, &timeout, &size), 0);
  EXPECT_EQ(timeout, 0u);
}

}  // namespace
}  // namespace talk
