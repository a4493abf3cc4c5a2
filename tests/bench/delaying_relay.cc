// delaying_relay PORT TARGET_PORT MILLISECONDS: a link of that delay each way in front of a server
// on this machine, for as many bytes as it is given. For kernels that have no netem.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <mutex>
#include <string>
#include <thread>

namespace {

using Clock = std::chrono::steady_clock;

struct Piece {
  Clock::time_point due;
  std::string bytes;  // none: the end
};

// What travels one way.
class Pipe {
 public:
  void put(Piece piece) {
    const std::lock_guard lock(mutex_);
    pieces_.push_back(std::move(piece));
    changed_.notify_one();
  }
  Piece take() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !pieces_.empty(); });
    Piece piece = std::move(pieces_.front());
    pieces_.pop_front();
    return piece;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Piece> pieces_;
};

sockaddr_in loopback(const char* port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(std::atoi(port)));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

bool write_all(int to, const std::string& bytes) {
  for (std::size_t at = 0; at < bytes.size();) {
    const ssize_t count = ::send(to, bytes.data() + at, bytes.size() - at, MSG_NOSIGNAL);
    if (count <= 0) return false;
    at += static_cast<std::size_t>(count);
  }
  return true;
}

void carry(int from, int to, Clock::duration delay) {
  Pipe pipe;
  std::thread writer([&] {
    while (true) {
      const Piece piece = pipe.take();
      std::this_thread::sleep_until(piece.due);
      if (piece.bytes.empty() || !write_all(to, piece.bytes)) break;
    }
    ::shutdown(to, SHUT_WR);
  });
  std::string buffer(std::size_t{256} << 10, '\0');
  for (ssize_t count; (count = ::recv(from, buffer.data(), buffer.size(), 0)) > 0;)
    pipe.put({Clock::now() + delay, buffer.substr(0, static_cast<std::size_t>(count))});
  pipe.put({Clock::now() + delay, {}});
  writer.join();
}

void relay(int visitor, sockaddr_in target, Clock::duration delay) {
  const int server = ::socket(AF_INET, SOCK_STREAM, 0);
  const int one = 1;
  for (const int fd : {visitor, server})
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  if (::connect(server, reinterpret_cast<const sockaddr*>(&target), sizeof target) == 0) {
    std::thread back([&] { carry(server, visitor, delay); });
    carry(visitor, server, delay);
    back.join();
  }
  ::close(server);
  ::close(visitor);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  const int listener = ::socket(AF_INET, SOCK_STREAM, 0);
  const int one = 1;
  ::setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  const sockaddr_in here = loopback(argv[1]);
  if (::bind(listener, reinterpret_cast<const sockaddr*>(&here), sizeof here) != 0 ||
      ::listen(listener, 16) != 0) {
    std::perror("ERROR: listen");
    return 1;
  }
  const std::chrono::milliseconds delay(std::atoi(argv[3]));
  for (int visitor; (visitor = ::accept(listener, nullptr, nullptr)) >= 0;)
    std::thread(relay, visitor, loopback(argv[2]), delay).detach();
}
