// What every handler does before and after its own work, and the contract as others meet it.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/support/peer.h"
#include "tests/support/process.h"
#include "tests/support/temp_dir.h"

namespace talk::test {
namespace {

const std::vector<std::string> kHandlers = {"echo_handler", "store_handler", "fetch_handler",
                                            "accio_handler", "upload_handler"};

struct SocketPair {
  OwnedFd ours;
  OwnedFd theirs;
  SocketPair() {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) std::abort();
    ours.reset(ends[0]);
    theirs.reset(ends[1]);
  }
};

TEST(HandlerStart, AWrongConnectionIsUsage) {
  const TempDir directory;
  const OwnedFd file(::open("/dev/null", O_RDWR | O_CLOEXEC));
  const OwnedFd listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const OwnedFd datagram(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  for (const std::string& handler : kHandlers) {
    const std::vector<std::pair<std::vector<std::string>, int>> cases = {
        {{}, -1},
        {{""}, -1},
        {{"x"}, -1},
        {{"-1"}, -1},
        {{"5x"}, -1},
        {{"99999"}, -1},
        {{"99999999999999999999"}, -1},
        {{"400"}, -1},  // closed
        {{"1", "2"}, -1},
        {{"--wrong"}, -1},
        {{std::to_string(file.get())}, file.get()},
        {{std::to_string(listener.get())}, listener.get()},
        {{std::to_string(datagram.get())}, datagram.get()},
        {{"0"}, -1},  // a pipe
    };
    for (const auto& [arguments, keep] : cases) {
      std::vector<std::string> command = {program(handler)};
      command.insert(command.end(), arguments.begin(), arguments.end());
      SCOPED_TRACE(testing::PrintToString(command));
      Process::Options options;
      options.keep_fd = keep;
      options.directory = directory.path();
      Process process(command, options);
      EXPECT_EQ(process.exit_code(), 2);
      EXPECT_TRUE(process.err().starts_with("ERROR: ")) << process.err();
      EXPECT_EQ(process.out(), "");
    }
  }
}

TEST(HandlerStart, HelpAndVersion) {
  for (const std::string& handler : kHandlers) {
    for (const char* letter : {"-h", "-V"})
      EXPECT_EQ(Process({program(handler), letter}).exit_code(), 0);
    Process help({program(handler), "--help"});
    EXPECT_EQ(help.exit_code(), 0);
    EXPECT_TRUE(help.out().starts_with("Usage: " + handler + " FD\n"));
    Process version({program(handler), "--version"});
    EXPECT_EQ(version.exit_code(), 0);
    EXPECT_EQ(version.out(), handler + " 1.0\n");
  }
}

// Under inetd the connection is standard input, output and error at once.
TEST(HandlerStart, StandardDescriptorsAsTheConnection) {
  SocketPair pair;
  const std::string fd = std::to_string(pair.theirs.get());
  Process::Options options;
  options.keep_fd = pair.theirs.get();
  Process handler(
      {"sh", "-c", "exec \"$0\" 0 <&" + fd + " >&" + fd + " 2>&" + fd, program("echo_handler")},
      options);
  pair.theirs.reset();
  ASSERT_EQ(::send(pair.ours.get(), "hello\n", 6, 0), 6);
  std::array<char, 100> room;
  ASSERT_EQ(::recv(pair.ours.get(), room.data(), room.size(), 0), 6);
  pair.ours.reset();
  EXPECT_EQ(handler.exit_code(), 0);
}

// A parent that ignores SIGPIPE or SIGTERM must not make its sessions deaf.
TEST(HandlerStart, InheritedSignalsAreReset) {
  SocketPair pair;
  Process::Options options;
  options.keep_fd = pair.theirs.get();
  Process handler({"sh", "-c", "trap '' TERM HUP; exec \"$0\" \"$1\"", program("echo_handler"),
                   std::to_string(pair.theirs.get())},
                  options);
  ASSERT_EQ(::send(pair.ours.get(), "hello\n", 6, 0), 6);
  std::array<char, 100> room;
  ASSERT_EQ(::recv(pair.ours.get(), room.data(), room.size(), 0), 6);
  handler.signal(SIGTERM);
  EXPECT_EQ(handler.exit_code(), -SIGTERM);
}

TEST(HandlerStart, NoHandlerLinksCurses) {
  for (const std::string& handler : kHandlers) {
    Process libraries({"ldd", program(handler)});
    libraries.exit_code();
    EXPECT_EQ(libraries.out().find("curses"), std::string::npos) << libraries.out();
  }
}

}  // namespace
}  // namespace talk::test
