#include "common/desk/register.h"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>

#include "common/posix/unix_socket.h"
#include "tests/support/temp_dir.h"

namespace talk {
namespace {

using namespace test;

class RegisterTest : public ::testing::Test {
 protected:
  RegisterTest() {
    if (const char* const value = ::getenv("XDG_RUNTIME_DIR")) before = value;
    ::setenv("XDG_RUNTIME_DIR", runtime.path().c_str(), 1);
  }
  ~RegisterTest() override {
    before ? ::setenv("XDG_RUNTIME_DIR", before->c_str(), 1) : ::unsetenv("XDG_RUNTIME_DIR");
  }

  static bool exists(const std::string& path) { return ::access(path.c_str(), F_OK) == 0; }
  // Others may run meanwhile, and be registered below /tmp.
  std::vector<std::string> servers() const {
    std::vector<std::string> names;
    for (const RegisteredServer& server : registered_servers())
      if (server.directory.starts_with(runtime.path().string())) names.push_back(server.name);
    return names;
  }

  TempDir runtime;
  std::optional<std::string> before;
};

TEST_F(RegisterTest, IsPrivateAndGoneAfterwards) {
  const std::string directory = runtime / "talk/1234";
  {
    const Register desk("1234");
    EXPECT_EQ(desk.directory(), directory);
    struct stat status {};
    ASSERT_EQ(::stat(directory.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0700u);
    EXPECT_TRUE(servers().empty());  // it does not listen yet
    const OwnedFd listener = listen_at_path(listener_socket(directory), 1);
    EXPECT_EQ(servers(), std::vector<std::string>{"1234"});
    ::unlink(listener_socket(directory).c_str());
  }
  EXPECT_FALSE(exists(directory));
}

// Killed with -9 a listener leaves its sockets; the next one must not show the dead sessions.
TEST_F(RegisterTest, WhatAKilledServerLeftIsEmptiedOut) {
  const std::string directory = runtime / "talk/1234";
  std::filesystem::create_directories(directory);
  ::chmod((runtime / "talk").c_str(), 0700);
  ::chmod(directory.c_str(), 0700);
  { const OwnedFd killed = listen_at_path(listener_socket(directory), 1); }
  { const OwnedFd killed = listen_at_path(session_socket(directory, 7), 1); }
  EXPECT_EQ(registered_sessions(directory), std::vector<std::uint64_t>{7});
  EXPECT_TRUE(servers().empty());
  const Register desk("1234");
  EXPECT_EQ(desk.directory(), directory);
  EXPECT_TRUE(registered_sessions(directory).empty());
}

// Each that was killed left a directory for good, where no other came to the same port.
TEST_F(RegisterTest, WhatAKilledServerLeftElsewhereIsSwept) {
  const std::string killed = runtime / "talk/1234";
  const std::string outlived = runtime / "talk/1235";
  const Register living("1");
  const OwnedFd listener = listen_at_path(listener_socket(living.directory()), 1);
  for (const std::string& directory : {killed, outlived}) {
    std::filesystem::create_directory(directory);
    ::chmod(directory.c_str(), 0700);
    const OwnedFd dead = listen_at_path(listener_socket(directory), 1);
  }
  { const OwnedFd dead = listen_at_path(session_socket(outlived, 7), 1); }
  const OwnedFd session = listen_at_path(session_socket(outlived, 8), 1);
  const Register desk("2");
  EXPECT_FALSE(exists(killed));
  EXPECT_EQ(registered_sessions(outlived), std::vector<std::uint64_t>{8});
  EXPECT_EQ(servers(), std::vector<std::string>{"1"});
}

TEST_F(RegisterTest, ALivingServersDirectoryIsNotTaken) {
  const Register first("1234");
  const OwnedFd listener = listen_at_path(listener_socket(first.directory()), 1);
  const Register second("1234");
  EXPECT_EQ(second.directory(), runtime / "talk/1234-2");
}

// Somebody's /tmp/talk-1000, or a link to it, that was there first.
TEST_F(RegisterTest, NothingIsFollowedOrBelievedThatIsNotOnesOwn) {
  const std::string elsewhere = runtime / "elsewhere";
  std::filesystem::create_directory(elsewhere);
  ::chmod(elsewhere.c_str(), 0700);
  std::filesystem::create_symlink(elsewhere, runtime / "talk");
  const std::string used = Register("1234").directory();
  EXPECT_EQ(used.find(runtime.path()), std::string::npos) << used;
  EXPECT_TRUE(std::filesystem::is_empty(elsewhere));

  std::filesystem::remove(runtime / "talk");
  std::filesystem::create_directory(runtime / "talk");
  ::chmod((runtime / "talk").c_str(), 0770);
  EXPECT_EQ(Register("1234").directory().find(runtime.path()), std::string::npos);
}

TEST_F(RegisterTest, TheLastSessionOfAServerThatHasStoppedTakesTheDirectoryAway) {
  const std::string directory = runtime / "talk/1234";
  auto desk = std::make_unique<Register>("1234");
  const OwnedFd lingering = listen_at_path(session_socket(directory, 3), 1);
  leave_register(directory);  // the server lives: the directory stays
  EXPECT_TRUE(exists(directory));
  desk.reset();
  EXPECT_TRUE(exists(session_socket(directory, 3)));
  ::unlink(session_socket(directory, 3).c_str());
  leave_register(directory);
  EXPECT_FALSE(exists(directory));
}

// A server that is started while the one before it still tells its sessions to end.
TEST_F(RegisterTest, AServerThatStopsLeavesItsPlaceAndNothingOfItsOwn) {
  auto first = std::make_unique<Register>("1234");
  const std::string directory = first->directory();
  write_file(session_socket(directory, 1), "");
  write_file(session_socket(directory, 2), "");
  first->release();
  first->forget(1);
  EXPECT_EQ(registered_sessions(directory), std::vector<std::uint64_t>{2});

  auto second = std::make_unique<Register>("1234");
  EXPECT_EQ(second->directory(), directory);
  write_file(session_socket(directory, 2), "");
  first->forget(2);
  first.reset();
  EXPECT_EQ(registered_sessions(directory), std::vector<std::uint64_t>{2});
  second->forget(2);
  second.reset();
  EXPECT_FALSE(exists(directory));
}

TEST_F(RegisterTest, SessionsAreListedInTheirOrderAndNothingElseIs) {
  const Register desk("1234");
  for (const char* name : {"10", "9", "x", "listener", "-1", "100"})
    write_file(desk.directory() + "/" + name, "");
  EXPECT_EQ(registered_sessions(desk.directory()), (std::vector<std::uint64_t>{9, 10, 100}));
}

}  // namespace
}  // namespace talk
