// A desktop that cannot give a visitor a window: the visitor is told so instead of sitting on a
// silent connection, and the log says why.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cstring>
#include <vector>

#include "common/posix/error.h"
#include "tests/support/desktop.h"
#include "tests/support/peer.h"
#include "tests/support/proc.h"
#include "tests/support/process.h"

namespace talk::test {
namespace {

constexpr const char* kTold = "ERROR: the server cannot open a window for you\r\n";

// A client of the X server that does nothing; none where the server takes no more.
OwnedFd idle_client(const std::string& display) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string path = "/tmp/.X11-unix/X" + display.substr(1);
  std::memcpy(address.sun_path, path.data(), path.size());
  OwnedFd client(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (::connect(client.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
    throw_errno("connect to " + path);
  const char setup[12] = {'l', 0, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0};  // little-endian, X11, no key
  char accepted = 0;
  if (::send(client.get(), setup, sizeof setup, MSG_NOSIGNAL) != sizeof setup ||
      ::recv(client.get(), &accepted, 1, 0) != 1 || accepted != 1)
    client.reset();
  return client;
}

TEST(NoWindow, ADesktopThatIsFullIsAReason) {
  const TempDir dir;
  Desktop desktop(64);
  Server server({}, dir.path(), desktop.options());
  std::vector<OwnedFd> crowd;
  do {
    crowd.push_back(idle_client(desktop.display()));
  } while (crowd.back() && crowd.size() < 100);
  ASSERT_LT(crowd.size(), 100u);

  Peer visitor(server.port());
  EXPECT_TRUE(visitor.sees_end());
  EXPECT_EQ(visitor.received(), kTold);
  EXPECT_TRUE(server.logs("session 1 closed exit=1 reason=\"no window could be opened\""))
      << server.log();

  crowd.clear();
  Peer late(server.port());
  EXPECT_TRUE(late.hears("TALK/1")) << server.log();
}

TEST(NoWindow, ADesktopThatHangsIsAReason) {
  const TempDir dir;
  Desktop desktop;
  Server server({}, dir.path(), desktop.options());
  Peer served(server.port());
  ASSERT_TRUE(served.hears("TALK/1"));
  desktop.server().signal(SIGSTOP);
  Peer visitor(server.port());
  EXPECT_TRUE(visitor.sees_end());
  EXPECT_EQ(visitor.received(), kTold);
  EXPECT_TRUE(server.logs("session 2 given up reason=\"no window within 4 s\"")) << server.log();
  EXPECT_TRUE(server.logs("session 2 closed signal=9")) << server.log();
  EXPECT_FALSE(served.sees_end(milliseconds(0)));
  desktop.server().signal(SIGCONT);
}

}  // namespace
}  // namespace talk::test
