// How a talk's loop takes leave: what the end has put on the screen is not kept back by it.
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <string>

#include "common/posix/io.h"
#include "common/posix/owned_fd.h"
#include "common/session/session_loop.h"
#include "tests/support/scripted_screen.h"

namespace talk {
namespace {

class PaintingScreen : public test::ScriptedScreen {
 public:
  bool has_painted_the_end = false;

  void turn(const WaitSet&, Time, std::vector<Input>&) override {
    has_painted_the_end |= has_shown("<alice> has left: \"supper\"");
  }
};

// The peer's last word stood on the desk's screen a second late: its end of stream was waited for
// first, and a peer whose connection was copied by others never sent one.
TEST(Farewell, TheLastWordIsPaintedBeforeThePeersEndIsWaitedFor) {
  int ends[2];
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
  const OwnedFd desk(ends[0]);
  const OwnedFd visitor(ends[1]);
  const std::string words = "TALK/1 name=alice\r\n" + encode(Bye{"supper"});
  ASSERT_TRUE(send_some(visitor.get(), words).moved());

  Conversation::Options options;
  options.role = Role::handler;
  options.my_name = "prof";
  options.peer_address = "10.0.0.7";
  PaintingScreen screen;
  Transfers transfers(Transfers::Options{});
  Signals signals({});
  SessionLoop(desk.get(), options, screen, transfers, signals).run();
  EXPECT_TRUE(screen.has_painted_the_end);
}

}  // namespace
}  // namespace talk
