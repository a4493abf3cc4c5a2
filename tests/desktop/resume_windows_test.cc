// A visitor whose link is lost comes back to the window that it had.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <set>

#include "tests/support/desktop.h"
#include "tests/support/process.h"
#include "tests/support/talk_peer.h"

namespace talk::test {
namespace {

constexpr int kCalls = 50;

TEST(ResumeWindows, NoOtherOpensHoweverOftenTheLinkIsCut) {
  Desktop desktop;
  const TempDir directory;
  // Tells how often an xterm was started.
  write_script(directory / "xterm", "#!/bin/sh\necho started >>" + (directory / "starts") +
                                        "\nPATH=${PATH#*:} exec xterm \"$@\"\n");
  Process::Options options = desktop.options();
  options.environment["PATH"] = directory.path().string() + ":" + std::getenv("PATH");
  options.environment["XDG_RUNTIME_DIR"] = directory.path().string();
  Server server({"--terminal", "xterm", "--plain", "--name", "prof"}, directory.path(), options);
  const std::string greeting = "TALK/1 name=alice ack=1 again=60";
  auto visitor = std::make_unique<TalkPeer>(server.port(), greeting + "\r\n");
  ASSERT_TRUE(visitor->hears_frame('P'));
  const std::string theirs = visitor->greeting();
  const std::string ticket = theirs.substr(theirs.find("session="));
  std::set<Desktop::Window> windows;
  ASSERT_TRUE(wait_until([&] { return (windows = desktop.windows()).size() == 1; }));
  for (int call = 1; call <= kCalls; ++call) {
    if (call % 10 == 0) {
      EXPECT_EQ(desktop.windows(), windows) << call;
    }
    const std::string words = "line " + std::to_string(call);
    visitor->send(frame('T', words));
    ASSERT_TRUE(visitor->hears_frame('K')) << call;
    if (call % 2 == 0) visitor->reset();
    visitor = std::make_unique<TalkPeer>(server.port(), greeting + " " + ticket + " got=0\r\n");
    ASSERT_TRUE(visitor->hears_frame('P')) << call;
    ASSERT_NE(visitor->greeting().find("got=" + std::to_string(call)), std::string::npos) << call;
  }
  const std::string starts = read_file(directory / "starts");
  EXPECT_EQ(std::count(starts.begin(), starts.end(), '\n'), 1);
  const Desktop::Window window = desktop.window_of(server.session_process(1));
  EXPECT_TRUE(desktop.shows(window, "line " + std::to_string(kCalls)));
}

}  // namespace
}  // namespace talk::test
