// Whoever comes back to its talk is no further visitor: not for the limits, nor behind a balancer.
#include <gtest/gtest.h>

#include <memory>

#include "tests/support/resume_fixture.h"
#include "tests/support/talk_peer.h"

namespace talk::test {
namespace {

using ResumeLimits = ResumeFixture;

std::string ticket_of(TalkPeer& visitor) {
  const std::string greeting = visitor.greeting();
  return greeting.substr(greeting.find("session="));
}

constexpr const char* kGreeting = "TALK/1 name=alice ack=1 again=60";

std::string again_with(const std::string& ticket) {
  return std::string(kGreeting) + " " + ticket + " got=0\r\n";
}

// The story: a full server did not let its own visitors back in.
TEST_F(ResumeLimits, AFullServerHasAPlaceForItsLostVisitor) {
  serve({"--max-sessions", "1"});
  TalkPeer first(server->port(), std::string(kGreeting) + "\r\n");
  ASSERT_TRUE(first.hears_frame('P'));
  const std::string ticket = ticket_of(first);
  first.reset();
  ASSERT_TRUE(board_says("lost"));
  TalkPeer back(server->port(), again_with(ticket));
  ASSERT_TRUE(back.hears_frame('P'));
  EXPECT_TRUE(back.hears("got=0"));
  // … and it counts again: the next one waits.
  ASSERT_TRUE(server->logs("session 2 closed"));
  TalkPeer next(server->port(), "");
  EXPECT_FALSE(next.hears("TALK/1", milliseconds(300)));
  back.send(frame('B', ""));
  EXPECT_TRUE(next.hears("TALK/1"));
}

// The story: --max-per-host refused a visitor who was not more than one.
TEST_F(ResumeLimits, WhoComesBackIsNotOneMoreOfItsHost) {
  serve({"--max-per-host", "1"});
  auto visitor = std::make_unique<TalkPeer>(server->port(), std::string(kGreeting) + "\r\n");
  ASSERT_TRUE(visitor->hears_frame('P'));
  const std::string ticket = ticket_of(*visitor);
  for (int call = 0; call < 5; ++call) {
    if (call % 2 == 1) visitor->reset();  // else the desk knows nothing of a loss
    auto back = std::make_unique<TalkPeer>(server->port(), again_with(ticket));
    ASSERT_TRUE(back->hears_frame('P')) << call << back->received();
    visitor = std::move(back);
  }
  TalkPeer another(server->port(), std::string(kGreeting) + "\r\n");
  EXPECT_TRUE(another.hears("ERROR: too many sessions from your address\r\n"));
  EXPECT_TRUE(server->logs("reason=\"too many sessions from this address\""));
  EXPECT_TRUE(visitor->is_answered());
}

// ---- Behind a balancer ----

// The story: the board showed the balancer's address of whoever had called again.
TEST_F(ResumeLimits, TheTrueAddressIsKnownOfWhoComesBack) {
  serve({"--proxy-protocol", "--allow", "127.0.0.1"});
  const std::string header = "PROXY TCP4 192.0.2.1 198.51.100.7 56324 443\r\n";
  TalkPeer first(server->port(), header + kGreeting + "\r\n");
  ASSERT_TRUE(first.hears_frame('P'));
  EXPECT_TRUE(board_says("192.0.2.1"));
  const std::string ticket = ticket_of(first);
  first.reset();
  ASSERT_TRUE(board_says("lost"));
  const std::string other = "PROXY TCP4 192.0.2.9 198.51.100.7 56325 443\r\n";
  TalkPeer at_once(server->port(), other + again_with(ticket));
  ASSERT_TRUE(at_once.hears_frame('P'));
  EXPECT_TRUE(at_once.hears("got=0"));
  EXPECT_TRUE(board_says("192.0.2.9"));
  // A slow one is handed over by the process that has read its header.
  TalkPeer slow(server->port(), "");
  slow.send(header);
  ASSERT_TRUE(slow.hears("\r\n"));
  slow.send(again_with(ticket));
  ASSERT_TRUE(slow.hears("got=0"));
  EXPECT_TRUE(board_says("192.0.2.1"));
}

}  // namespace
}  // namespace talk::test
