// Clients for the measurements: so many at once, each waiting for its answer before it goes on.
//   load connect PORT CLIENTS SECONDS            connect, one line echoed, close
//   load put|get PORT CLIENTS SECONDS KEYS       talk's store, or one that speaks as it does
//   load redis-put|redis-get PORT CLIENTS SECONDS KEYS
// With a number behind KEYS so many requests are under way at once on each connection.
//   load fill PORT CLIENTS 0 KEYS | load redis-fill …   puts the keys 0 … KEYS-1
// Prints how many a second, from when all are connected and have been answered once: what it takes
// to start a session is what `connect` is for.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <barrier>
#include <functional>
#include <random>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "common/posix/clock.h"
#include "common/posix/error.h"
#include "common/posix/owned_fd.h"

namespace {

using talk::Clock;

struct Task {
  std::string what;
  int port;
  int clients;
  double duration;  // seconds
  long keys;
  int in_flight;
};

talk::OwnedFd connect_to(int port) {
  talk::OwnedFd socket(::socket(AF_INET, SOCK_STREAM, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
    talk::throw_errno("connect");
  const int on = 1;
  ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return socket;
}

// Sends the request and waits for an answer of so many lines.
void ask(int socket, const std::string& request, long lines) {
  if (::send(socket, request.data(), request.size(), MSG_NOSIGNAL) < 0) talk::throw_errno("send");
  std::array<char, 4096> room;
  while (lines > 0) {
    const ssize_t count = ::recv(socket, room.data(), room.size(), 0);
    if (count <= 0) throw std::runtime_error("no answer");
    lines -= std::count(room.begin(), room.begin() + count, '\n');
  }
}

std::atomic<long> next_key{0};

bool is_redis(const Task& task) { return task.what.starts_with("redis-"); }
bool is_get(const Task& task) { return task.what.ends_with("get"); }

std::string request(const Task& task, std::mt19937& random) {
  if (is_get(task)) {
    const long key = std::uniform_int_distribution<long>(0, task.keys - 1)(random);
    return (is_redis(task) ? "GET " : "get ") + std::to_string(key) + "\r\n";
  }
  const std::string key = std::to_string(next_key++);
  return is_redis(task) ? "SET " + key + " value-of-" + key + "\r\n"
                        : "put " + key + " value-of-" + key + "\n";
}

// As many requests as are to be under way, in one send.
void round(const Task& task, int socket, std::mt19937& random) {
  std::string requests;
  for (int i = 0; i < task.in_flight; ++i) requests += request(task, random);
  const long lines = is_redis(task) && is_get(task) ? 2 : 1;
  ask(socket, requests, lines * task.in_flight);
}

long knock(const Task& task, talk::Time end) {
  long done = 0;
  while (Clock::now() < end) {
    try {  // some of the neighbours drop connections under load: those do not count
      ask(connect_to(task.port).get(), "hello\n", 1);
      ++done;
    } catch (const std::runtime_error&) {
    }
  }
  return done;
}

// `ready` is told of the first answer, and gives the end.
long client(const Task& task, unsigned seed, const std::function<talk::Time()>& ready) {
  std::mt19937 random(seed);
  const talk::OwnedFd socket = connect_to(task.port);
  const bool fill = task.what.ends_with("fill");
  if (!fill) round(task, socket.get(), random);
  const talk::Time end = ready();
  long done = 0;
  for (; fill ? next_key < task.keys : Clock::now() < end; done += task.in_flight)
    round(task, socket.get(), random);
  return done;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5) return 2;
  Task task{argv[1],
            std::atoi(argv[2]),
            std::atoi(argv[3]),
            std::atof(argv[4]),
            argc > 5 ? std::atol(argv[5]) : 0,
            argc > 6 ? std::atoi(argv[6]) : 1};
  if (!task.what.ends_with("fill")) next_key = task.keys;
  const auto duration =
      std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(task.duration));
  talk::Time start = Clock::now();
  std::barrier all_ready(task.clients, [&]() noexcept { start = Clock::now(); });
  const auto ready = [&] {
    all_ready.arrive_and_wait();
    return start + duration;
  };
  std::atomic<long> done{0};
  std::vector<std::thread> clients;
  for (int i = 0; i < task.clients; ++i)
    clients.emplace_back([&, i] {
      try {
        done += task.what == "connect" ? knock(task, ready())
                                       : client(task, static_cast<unsigned>(i), ready);
      } catch (const std::exception& error) {
        std::fprintf(stderr, "ERROR: client: %s\n", error.what());
        std::exit(1);
      }
    });
  for (std::thread& thread : clients) thread.join();
  const std::chrono::duration<double> took = Clock::now() - start;
  std::printf("%.1f\n", static_cast<double>(done) / took.count());
}
