// A desktop that cannot give a visitor a window: the visitor is told so instead of sitting on a
// silent connection, and the log says why.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cstring>
#include <filesystem>
#include <utility>
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

// A window that took longer than 4 s was lost: where a person places each by hand, or the machine
// is busy.
TEST(NoWindow, ADesktopThatIsSlowIsWaitedFor) {
  const TempDir dir;
  Desktop desktop;
  Server server({}, dir.path(), desktop.options());
  desktop.server().signal(SIGSTOP);
  Peer visitor(server.port());
  EXPECT_FALSE(visitor.sees_end(milliseconds(5500)));
  desktop.server().signal(SIGCONT);
  EXPECT_TRUE(visitor.hears("TALK/1")) << server.log();
}

TEST(NoWindow, ATerminalThatIsSlowIsWaitedFor) {
  const TempDir dir;
  const std::string slow =
      write_script(dir / "slow",
                   "#!/bin/sh\ntouch begun\nuntil [ -e go ]; do sleep 0.1; done\n"
                   "exec \"$@\"\n");
  Process::Options options;
  options.directory = dir.path();
  Server server({"-t", slow + " {}"}, dir.path(), options);
  Peer visitor(server.port());
  EXPECT_FALSE(visitor.sees_end(milliseconds(5500)));
  ASSERT_TRUE(std::filesystem::exists(dir / "begun"));
  write_file(dir / "go", "");
  EXPECT_TRUE(visitor.hears("TALK/1")) << server.log();
}

// The visitor of a terminal that had ended without a window waited for one all the same.
TEST(NoWindow, ATerminalThatEndsWithoutOneIsAReasonAtOnce) {
  const TempDir dir;
  for (const auto& [command, reason] :
       {std::pair("sh -c 'exit 3' {}", "open a window with sh: it failed with exit code 3"),
        std::pair("sh -c 'kill -9 $$' {}", "open a window with sh: it died of signal 9")}) {
    Server server({"-t", command}, dir.path());
    Peer visitor(server.port());
    EXPECT_TRUE(visitor.sees_end(seconds(4)));
    EXPECT_EQ(visitor.received(), kTold);
    EXPECT_TRUE(server.logs(reason)) << server.log();
    EXPECT_TRUE(server.logs("session 1 closed exit=1")) << server.log();
  }
}

}  // namespace
}  // namespace talk::test
