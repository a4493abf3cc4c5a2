#include "common/posix/io.h"

#include <limits.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "common/posix/error.h"

namespace talk {
namespace {

// `end_at_zero`: a read of nothing is the end; a write of nothing is not.
template <typename Call>
IoResult attempt(bool end_at_zero, Call call) {
  ssize_t count;
  do {
    count = call();
  } while (count < 0 && errno == EINTR);
  if (count > 0) return {IoResult::Kind::moved, static_cast<std::size_t>(count), 0};
  if (count == 0) return {end_at_zero ? IoResult::Kind::end : IoResult::Kind::would_block, 0, 0};
  if (errno == EAGAIN || errno == EWOULDBLOCK) return {IoResult::Kind::would_block, 0, 0};
  return {IoResult::Kind::failed, 0, errno};
}

}  // namespace

IoResult receive_some(int socket, std::span<char> room) {
  return attempt(true, [&] { return ::recv(socket, room.data(), room.size(), MSG_DONTWAIT); });
}

IoResult send_some(int socket, std::string_view bytes) {
  return attempt(false, [&] {
    return ::send(socket, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  });
}

IoResult read_some(int fd, std::span<char> room) {
  return attempt(true, [&] { return ::read(fd, room.data(), room.size()); });
}

IoResult write_some(int fd, std::string_view bytes) {
  const std::size_t count = std::min<std::size_t>(bytes.size(), PIPE_BUF);
  return attempt(false, [&] { return ::write(fd, bytes.data(), count); });
}

bool ready_by(int fd, short events, Time deadline) {
  constexpr std::chrono::days kLongest{1};  // what poll() takes is no wider
  pollfd ready{fd, events, 0};
  int count;
  do {
    const auto left = std::chrono::ceil<milliseconds>(deadline - Clock::now());
    const milliseconds time = std::clamp<milliseconds>(left, milliseconds(0), kLongest);
    count = ::poll(&ready, 1, static_cast<int>(time.count()));
  } while (count < 0 ? errno == EINTR : count == 0 && Clock::now() < deadline);
  return count > 0;
}

void write_all(int fd, std::string_view bytes, const std::string& doing) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(fd, bytes.data(), bytes.size());
    if (count >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(count));
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      pollfd ready{fd, POLLOUT, 0};
      ::poll(&ready, 1, -1);
    } else if (errno != EINTR) {
      throw_errno(doing);
    }
  }
}

}  // namespace talk
