#include "tests/support/cutting_proxy.h"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <string>
#include <vector>

#include "common/posix/address.h"
#include "common/posix/connect.h"
#include "common/posix/io.h"
#include "common/posix/listen.h"

namespace talk::test {
namespace {

constexpr int kLookAgain = 20;  // milliseconds: whether the test is over
constexpr std::size_t kPiece = 65'536;

void reset(OwnedFd& socket) {
  const linger hard{1, 0};
  ::setsockopt(socket.get(), SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
  socket.reset();
}

}  // namespace

CuttingProxy::CuttingProxy(int server_port, std::uint64_t cut_after)
    : server_port_(server_port),
      cut_after_(cut_after),
      listener_(listen_on("127.0.0.1", 0)),
      port_(local_address(listener_.get()).port),
      thread_([this] { run(); }) {}

CuttingProxy::~CuttingProxy() {
  stop_ = true;
  thread_.join();
}

void CuttingProxy::run() {
  std::optional<std::uint64_t> cut_after = cut_after_;
  while (!stop_) {
    pollfd ready{listener_.get(), POLLIN, 0};
    if (::poll(&ready, 1, kLookAgain) <= 0) continue;
    OwnedFd client(::accept(listener_.get(), nullptr, nullptr));
    if (client) serve(std::move(client), cut_after);
    cut_after.reset();
  }
}

void CuttingProxy::serve(OwnedFd client, std::optional<std::uint64_t> cut_after) {
  OwnedFd server = connect_to("127.0.0.1", std::to_string(server_port_), seconds(5));
  std::vector<char> buffer(kPiece);
  std::uint64_t left = cut_after.value_or(UINT64_MAX);
  while (!stop_) {
    pollfd ready[2] = {{client.get(), POLLIN, 0}, {server.get(), POLLIN, 0}};
    if (::poll(ready, 2, kLookAgain) <= 0) continue;
    if (ready[0].revents != 0) {
      const std::size_t most = std::min<std::uint64_t>(buffer.size(), left);
      const ssize_t count = ::recv(client.get(), buffer.data(), most, 0);
      if (count <= 0) break;
      const auto moved = static_cast<std::size_t>(count);
      write_all(server.get(), {buffer.data(), moved}, "hand on");
      handed_on_ += moved;
      left -= moved;
      if (left == 0) break;
    }
    if (ready[1].revents != 0) {
      const ssize_t count = ::recv(server.get(), buffer.data(), buffer.size(), 0);
      if (count <= 0) break;
      write_all(client.get(), {buffer.data(), static_cast<std::size_t>(count)}, "hand on");
    }
  }
  if (left != 0) return;
  has_cut_ = true;
  reset(client);  // to the client the link broke; the server keeps what it was handed
}

}  // namespace talk::test
