#include "tests/support/cutting_proxy.h"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <string>
#include <string_view>
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

// One direction of a connection, and where it is to be cut.
class CuttingProxy::Direction {
 public:
  Direction(const Cut& cut, Frame::From from) : side_(cut.side) {
    if (cut.frame && cut.frame->from == from) tag_ = cut.frame->tag;
    if (from == Frame::From::client) left_ = cut.bytes_from_client;
  }

  // How many of the next bytes are handed on; is_cut() says whether nothing more is.
  std::size_t take(std::string_view bytes) {
    std::size_t count = 0;
    while (count < bytes.size() && !cut_) count += take_byte(bytes[count]) ? 1 : 0;
    return count;
  }
  bool is_cut() const { return cut_; }

 private:
  bool take_byte(char byte) {
    if (greeted_ && header_.empty() && byte == tag_ && side_ == Side::before) {
      cut_ = true;
      return false;
    }
    if (greeted_) follow_frame(byte);
    greeted_ |= byte == '\n';  // frames begin behind the greeting
    cut_ |= --left_ == 0;
    return true;
  }
  void follow_frame(char byte) {
    if (header_.size() < kHeader) {
      header_ += byte;
      if (header_.size() > 1) payload_ = payload_ << 8 | static_cast<unsigned char>(byte);
    } else {
      --payload_;
    }
    if (header_.size() < kHeader || payload_ != 0) return;
    cut_ |= header_[0] == tag_;
    header_.clear();
  }

  static constexpr std::size_t kHeader = 5;
  Side side_;
  std::optional<char> tag_;
  std::uint64_t left_ = UINT64_MAX;
  bool greeted_ = false;
  std::string header_;
  std::uint32_t payload_ = 0;  // bytes
  bool cut_ = false;
};

CuttingProxy::CuttingProxy(int server_port, std::uint64_t cut_after)
    : CuttingProxy(server_port, Cut{cut_after, Side::before, std::nullopt}) {}

CuttingProxy::CuttingProxy(int server_port, Side side, Frame frame)
    : CuttingProxy(server_port, Cut{UINT64_MAX, side, frame}) {}

CuttingProxy::CuttingProxy(int server_port, const Cut& cut)
    : server_port_(server_port),
      cut_(cut),
      listener_(listen_on("127.0.0.1", 0)),
      port_(local_address(listener_.get()).port),
      thread_([this] { run(); }) {}

CuttingProxy::~CuttingProxy() {
  stop_ = true;
  thread_.join();
}

void CuttingProxy::run() {
  Cut cut = cut_;
  while (!stop_) {
    pollfd ready{listener_.get(), POLLIN, 0};
    if (::poll(&ready, 1, kLookAgain) <= 0) continue;
    OwnedFd client(::accept(listener_.get(), nullptr, nullptr));
    if (client) serve(std::move(client), cut);
    cut = {};
  }
}

void CuttingProxy::serve(OwnedFd client, const Cut& cut) {
  OwnedFd server = connect_to("127.0.0.1", std::to_string(server_port_), seconds(5));
  Direction up(cut, Frame::From::client);
  Direction down(cut, Frame::From::server);
  std::vector<char> buffer(kPiece);
  // False at the end of either.
  const auto hand_on = [&](int from, int to, Direction& direction) {
    const ssize_t count = ::recv(from, buffer.data(), buffer.size(), 0);
    if (count <= 0) return false;
    const std::size_t taken = direction.take({buffer.data(), static_cast<std::size_t>(count)});
    write_all(to, {buffer.data(), taken}, "hand on");
    if (&direction == &up) handed_on_ += taken;
    return !direction.is_cut();
  };
  bool open = true;
  while (!stop_ && open) {
    pollfd ready[2] = {{client.get(), POLLIN, 0}, {server.get(), POLLIN, 0}};
    if (::poll(ready, 2, kLookAgain) <= 0) continue;
    if (ready[0].revents != 0) open = hand_on(client.get(), server.get(), up);
    if (open && ready[1].revents != 0) open = hand_on(server.get(), client.get(), down);
  }
  if (!up.is_cut() && !down.is_cut()) return;
  has_cut_ = true;
  reset(client);  // to the client the link broke; the server keeps what it was handed
}

}  // namespace talk::test
