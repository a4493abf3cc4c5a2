#include "common/posix/pass_descriptor.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <thread>

#include "common/posix/io.h"
#include "common/posix/unix_socket.h"
#include "tests/support/temp_dir.h"

namespace talk::test {
namespace {

using Words = std::vector<std::string>;

struct Sockets {
  OwnedFd sender;
  OwnedFd receiver;
  Sockets() {
    int ends[2];
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    sender.reset(ends[0]);
    receiver.reset(ends[1]);
  }
};

TEST(PassDescriptor, TheOtherSideCanUseItAndHasTheWords) {
  const TempDir dir;
  write_file(dir / "file", "content");
  const Sockets sockets;
  const Words words = {"a word", "", "TALK=\xc3\xa4"};
  {
    const OwnedFd file(::open((dir / "file").c_str(), O_RDONLY));
    send_descriptor(sockets.sender.get(), file.get(), words);
  }
  const PassedDescriptor passed = receive_descriptor(sockets.receiver.get());
  std::array<char, 16> bytes;
  const IoResult result = read_some(passed.descriptor.get(), bytes);
  EXPECT_EQ(std::string(bytes.data(), result.count), "content");
  EXPECT_EQ(passed.words, words);
  EXPECT_EQ(::fcntl(passed.descriptor.get(), F_GETFD), FD_CLOEXEC);
}

// As large as environments get, and far larger than what a socket holds.
TEST(PassDescriptor, ManyWords) {
  const Sockets sockets;
  const Words words(100, std::string(10'000, 'x'));
  std::thread sender([&] { send_descriptor(sockets.sender.get(), STDIN_FILENO, words); });
  EXPECT_EQ(receive_descriptor(sockets.receiver.get()).words, words);
  sender.join();
}

TEST(PassDescriptor, WhatElseMayComeIsAnError) {
  for (const char* bytes : {"", "abc", "four and more"}) {
    Sockets sockets;
    send_some(sockets.sender.get(), bytes);
    sockets.sender.reset();
    EXPECT_THROW(receive_descriptor(sockets.receiver.get()), std::runtime_error) << bytes;
  }
}

TEST(UnixSocket, APathIsListenedAtAndCalled) {
  const TempDir dir;
  EXPECT_THROW(connect_to_path(dir / "socket"), std::system_error);
  const OwnedFd listening = listen_at_path(dir / "socket", 1);
  EXPECT_TRUE(connect_to_path(dir / "socket"));
  EXPECT_THROW(listen_at_path(dir / "socket", 1), std::system_error);
  EXPECT_THROW(connect_to_path(dir / std::string(200, 'x')), std::system_error);
}

}  // namespace
}  // namespace talk::test
