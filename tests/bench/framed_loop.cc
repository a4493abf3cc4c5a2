// The yardstick of uploads: a file in frames over one loopback connection, read and write with
// 256 KiB buffers, and nothing else: no checksum, no chat, no fsync.
//   framed_loop SOURCE TARGET
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "common/posix/address.h"
#include "common/posix/connect.h"
#include "common/posix/error.h"
#include "common/posix/io.h"
#include "common/posix/listen.h"
#include "common/wire/frame.h"
#include "common/wire/messages.h"

namespace talk {
namespace {

constexpr std::size_t kBlock = std::size_t{256} << 10;

void receive_file(int socket, const char* target) {
  const OwnedFd file(::open(target, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
  std::vector<char> buffer(kBlock);
  FrameReader frames;
  while (true) {
    const ssize_t count = ::recv(socket, buffer.data(), buffer.size(), 0);
    if (count <= 0) break;
    frames.feed({buffer.data(), static_cast<std::size_t>(count)});
    while (const auto frame = frames.next()) write_all(file.get(), frame->payload, "write");
  }
  write_all(socket, "x", "answer");
}

void send_file(int socket, const char* source) {
  const OwnedFd file(::open(source, O_RDONLY | O_CLOEXEC));
  const std::size_t header = make_data_header(1, 0).size();
  std::vector<char> buffer(header + kBlock);
  ssize_t count;
  while ((count = ::read(file.get(), buffer.data() + header, kBlock)) > 0) {
    const auto size = static_cast<std::size_t>(count);
    const std::string start = make_data_header(1, size);
    std::copy(start.begin(), start.end(), buffer.begin());
    write_all(socket, {buffer.data(), header + size}, "send");
  }
  ::shutdown(socket, SHUT_WR);
  char answer;
  if (::recv(socket, &answer, 1, 0) != 1) throw_errno("hear the answer");
}

int run(const char* source, const char* target) {
  const OwnedFd listener = listen_on("127.0.0.1", 0);
  const std::string port = std::to_string(local_address(listener.get()).port);
  const pid_t child = ::fork();
  if (child == 0) {
    const OwnedFd socket = connect_to("127.0.0.1", port, seconds(5));
    send_file(socket.get(), source);
    ::_exit(0);
  }
  OwnedFd accepted;
  while (!accepted) accepted.reset(::accept(listener.get(), nullptr, nullptr));
  receive_file(accepted.get(), target);
  ::waitpid(child, nullptr, 0);
  return 0;
}

}  // namespace
}  // namespace talk

int main(int argc, char** argv) { return argc == 3 ? talk::run(argv[1], argv[2]) : 2; }
