// Where visitors come in, and who: Unix sockets, networks that are allowed, sockets that were
// passed on by whoever started the server.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cstring>
#include <filesystem>

#include "common/posix/address.h"
#include "common/posix/listen.h"
#include "common/posix/unix_socket.h"
#include "tests/support/peer.h"
#include "tests/support/process.h"
#include "tests/support/temp_dir.h"

namespace talk::test {
namespace {

using Words = std::vector<std::string>;

class Doors : public testing::Test {
 protected:
  // A server that listens at `where`, when this returns.
  std::unique_ptr<Process> serve(const std::string& where, const Words& options,
                                 const Process::Options& process = {}) {
    Words command = {program("talk_server"), "-t", "none"};
    command.insert(command.end(), options.begin(), options.end());
    command.insert(command.end(), {where, dir_.path()});
    auto server = std::make_unique<Process>(command, process);
    EXPECT_TRUE(server->says("listening on ")) << server->err();
    return server;
  }

  static bool echoes(Peer&& peer) {
    peer.send("hello\n");
    return peer.hears("hello\n");
  }

  TempDir dir_;
  std::string path_ = dir_ / "socket";
};

TEST_F(Doors, AUnixSocketIsThisUsersAlone) {
  auto server = serve("unix:" + path_, {"-H", "echo"});
  EXPECT_EQ(server->out(), "listening on unix:" + path_ + "\n");
  struct stat file {};
  ASSERT_EQ(::stat(path_.c_str(), &file), 0);
  EXPECT_EQ(file.st_mode & 07777, 0600u);
  EXPECT_TRUE(echoes(Peer(connect_to_path(path_))));
  EXPECT_TRUE(server->complains("session 1 opened peer=local pid="));
  server->signal(SIGTERM);
  EXPECT_EQ(server->exit_code(), 0);
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(Doors, AStaleSocketIsReplacedAndALivingOneIsNot) {
  auto first = serve("unix:" + path_, {"-H", "echo"});
  Process second({program("talk_server"), "-H", "echo", "unix:" + path_, dir_.path()});
  EXPECT_EQ(second.exit_code(), 1);
  EXPECT_EQ(second.err(), "ERROR: listen at " + path_ + ": Address already in use\n");
  EXPECT_TRUE(echoes(Peer(connect_to_path(path_))));
  EXPECT_TRUE(first->complains("session 1 closed"));  // the second server was no visitor
  EXPECT_EQ(first->err().find("session 2 "), std::string::npos) << first->err();
  first->signal(SIGKILL);
  ASSERT_EQ(first->exit_code(), -SIGKILL);
  ASSERT_TRUE(std::filesystem::exists(path_));
  auto third = serve("unix:" + path_, {"-H", "echo"});
  EXPECT_TRUE(echoes(Peer(connect_to_path(path_))));
}

TEST_F(Doors, AFileIsNotTakenForASocket) {
  write_file(path_, "mine");
  Process server({program("talk_server"), "-H", "echo", "unix:" + path_, dir_.path()});
  EXPECT_EQ(server.exit_code(), 1);
  EXPECT_EQ(read_file(path_), "mine");
}

TEST_F(Doors, AHandlerIsToldThatItIsAUnixSocket) {
  const std::string witness = write_script(dir_ / "witness", R"(#!/bin/sh
env | grep -E '^(PROTO|TCP|NOTIFY|LISTEN)' >&2
)");
  auto server = serve("unix:" + path_, {"-H", witness});
  Peer visitor(connect_to_path(path_));
  EXPECT_TRUE(server->complains("session 1 closed"));
  EXPECT_NE(server->err().find("\nPROTO=UNIX\n"), std::string::npos);
  EXPECT_EQ(server->err().find("\nTCP"), std::string::npos);
}

TEST_F(Doors, TalkClientCallsAUnixSocket) {
  auto server = serve("unix:" + path_, {"-n", "prof"});
  write_file(dir_ / "file", "content");
  Process sender({program("talk_client"), "--send", dir_ / "file", "unix:" + path_});
  EXPECT_EQ(sender.exit_code(), 0) << sender.err();
  EXPECT_EQ(read_file(dir_ / "file-2"), "content");
  Process talker({program("talk_client"), "unix:" + path_});
  talker.type("hello\n");
  talker.end_input();
  EXPECT_EQ(talker.exit_code(), 0) << talker.err();
  Process nobody({program("talk_client"), "unix:" + path_ + ".not"});
  EXPECT_EQ(nobody.exit_code(), 3);
  EXPECT_NE(nobody.err().find("No such file"), std::string::npos) << nobody.err();
}

TEST_F(Doors, TheBoardKnowsAServerByItsPath) {
  Process::Options seat;
  seat.environment["XDG_RUNTIME_DIR"] = dir_.path();
  auto server = serve("unix:" + path_, {}, seat);
  Process visitor({program("talk_client"), "unix:" + path_});
  ASSERT_TRUE(server->complains("is name="));
  Process board({program("talk_desk"), "unix:" + path_, "list", "--json"}, seat);
  EXPECT_EQ(board.exit_code(), 0) << board.err();
  EXPECT_TRUE(board.out().starts_with("{\"port\": \"unix:socket\", \"waiting\": null, "))
      << board.out();
  EXPECT_NE(board.out().find("\"address\": \"local\""), std::string::npos) << board.out();
}

TEST_F(Doors, OnlyThoseWhoAreAllowedCome) {
  Server server({"-H", "echo", "--allow", "10.0.0.0/8", "--allow", "::1"}, dir_.path());
  Peer stranger(server.port());
  EXPECT_TRUE(stranger.sees_end());
  EXPECT_EQ(stranger.received(), "ERROR: your address is not allowed here\r\n");
  EXPECT_TRUE(server.logs("refused peer=127.0.0.1:"));
  EXPECT_TRUE(server.logs("reason=\"address not allowed\""));
  Server other({"-H", "echo", "--allow", "127.0.0.0/8"}, dir_.path());
  EXPECT_TRUE(echoes(Peer(other.port())));
}

// What a manager does: the sockets stand from descriptor 3 on, and the process is named.
constexpr const char* kManager = R"(
import os, sys
fds = [int(fd) for fd in sys.argv[1].split(',')]
for at, fd in enumerate(fds): os.dup2(fd, 3 + at)
os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS=str(len(fds)), LISTEN_FDNAMES='a:b')
os.execv(sys.argv[2], sys.argv[2:])
)";

TEST_F(Doors, PassedSocketsAreUsedAndReadinessIsTold) {
  const OwnedFd told(::socket(AF_UNIX, SOCK_DGRAM, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string notify = dir_ / "notify";
  std::strcpy(address.sun_path, notify.c_str());
  ASSERT_EQ(::bind(told.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  const auto next_word = [&] {
    char words[200] = {};
    timeval patience{10, 0};
    ::setsockopt(told.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    return ::recv(told.get(), words, sizeof words - 1, 0) > 0 ? std::string(words) : "silence";
  };
  const OwnedFd passed = listen_on("127.0.0.1", 0);
  const int port = local_address(passed.get()).port;
  const std::string witness = write_script(dir_ / "witness", R"(#!/bin/sh
env | grep -E '^(NOTIFY|LISTEN)' >&2
echo seen >&2
)");
  Process::Options options;
  options.environment["NOTIFY_SOCKET"] = notify;
  options.keep_fd = passed.get();
  Process server({"python3", "-c", kManager, std::to_string(passed.get()), program("talk_server"),
                  "-H", witness, "0", dir_.path()},
                 options);
  const std::string where = "127.0.0.1:" + std::to_string(port);
  EXPECT_EQ(next_word(), "READY=1\nSTATUS=listening on " + where);
  EXPECT_TRUE(server.says("listening on " + where + "\n"));
  Peer visitor(port);
  EXPECT_TRUE(server.complains("seen\n"));
  EXPECT_EQ(server.err().find("NOTIFY"), std::string::npos);
  EXPECT_EQ(server.err().find("LISTEN"), std::string::npos);
  server.signal(SIGTERM);
  EXPECT_EQ(next_word(), "STOPPING=1\nSTATUS=stopping");
  EXPECT_EQ(server.exit_code(), 0);
}

TEST_F(Doors, APassedDescriptorThatDoesNotListenIsAnError) {
  const OwnedFd passed(::socket(AF_INET, SOCK_STREAM, 0));
  Process::Options options;
  options.keep_fd = passed.get();
  Process server({"python3", "-c", kManager, std::to_string(passed.get()), program("talk_server"),
                  "-H", "echo", "0", dir_.path()},
                 options);
  EXPECT_EQ(server.exit_code(), 1);
  EXPECT_NE(server.err().find("it is no listening stream socket"), std::string::npos);
}

}  // namespace
}  // namespace talk::test
