#include "common/posix/pass_descriptor.h"

#include <fcntl.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <span>
#include <stdexcept>

#include "common/posix/error.h"
#include "common/posix/io.h"

namespace talk {
namespace {

// Both ends are processes of one machine: the length of the words is in its own byte order.
using Length = std::uint32_t;
constexpr Length kMostBytes = 4 << 20;  // an environment, with room to spare

// Some bytes and, as its control message, room for one descriptor. Stays where it is: the header
// points into it.
struct SocketMessage {
  iovec part;
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
  msghdr header{};

  SocketMessage(void* bytes, std::size_t size) : part{bytes, size} {
    header.msg_iov = &part;
    header.msg_iovlen = 1;
    header.msg_control = control.data();
    header.msg_controllen = control.size();
  }
  SocketMessage(const SocketMessage&) = delete;
  SocketMessage& operator=(const SocketMessage&) = delete;

  void put(int descriptor) {
    cmsghdr* const beside = CMSG_FIRSTHDR(&header);
    beside->cmsg_level = SOL_SOCKET;
    beside->cmsg_type = SCM_RIGHTS;
    beside->cmsg_len = CMSG_LEN(sizeof descriptor);
    std::memcpy(CMSG_DATA(beside), &descriptor, sizeof descriptor);
  }
  // None: -1.
  int take() {
    const cmsghdr* const beside = CMSG_FIRSTHDR(&header);
    int descriptor = -1;
    if (beside == nullptr || beside->cmsg_type != SCM_RIGHTS) return descriptor;
    std::memcpy(&descriptor, CMSG_DATA(beside), sizeof descriptor);
    ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
    return descriptor;
  }
};

std::string read_exactly(int fd, std::size_t size) {
  std::string bytes(size, '\0');
  for (std::size_t have = 0; have < size;) {
    const IoResult result = read_some(fd, std::span(bytes).subspan(have));
    if (!result.moved()) throw std::runtime_error("receive a descriptor: its sender has gone");
    have += result.count;
  }
  return bytes;
}

}  // namespace

void send_descriptor(int socket, int descriptor, const std::vector<std::string>& words) {
  const std::string doing = "send a descriptor";
  std::string text;
  for (const std::string& word : words) text += word + '\0';
  if (text.size() > kMostBytes) throw_error(E2BIG, doing);
  Length length = static_cast<Length>(text.size());
  SocketMessage message(&length, sizeof length);
  if (descriptor >= 0)
    message.put(descriptor);
  else
    message.header.msg_controllen = 0;
  if (::sendmsg(socket, &message.header, MSG_NOSIGNAL) != ssize_t{sizeof length})
    throw_errno(doing);
  write_all(socket, text, doing);
}

PassedDescriptor receive_descriptor(int socket, Descriptor expected) {
  Length length = 0;
  SocketMessage message(&length, sizeof length);
  ssize_t count;
  do {
    count = ::recvmsg(socket, &message.header, MSG_WAITALL);
  } while (count < 0 && errno == EINTR);
  PassedDescriptor passed;
  passed.descriptor.reset(message.take());
  if (count != ssize_t{sizeof length} || length > kMostBytes ||
      (!passed.descriptor && expected == Descriptor::must_be))
    throw std::runtime_error("receive a descriptor: none was sent");
  const std::string text = read_exactly(socket, length);
  for (std::size_t start = 0, end; (end = text.find('\0', start)) != std::string::npos;
       start = end + 1)
    passed.words.push_back(text.substr(start, end - start));
  return passed;
}

void send_with_descriptor(int socket, std::string_view bytes, int descriptor) {
  // The bytes are only read, whatever their type.
  SocketMessage message(const_cast<char*>(bytes.data()), bytes.size());
  message.put(descriptor);
  const ssize_t count = ::sendmsg(socket, &message.header, MSG_NOSIGNAL);
  if (count < 0) throw_errno("send a descriptor");
  if (static_cast<std::size_t>(count) != bytes.size()) throw_error(EMSGSIZE, "send a descriptor");
}

IoResult receive_with_descriptor(int socket, std::span<char> room, OwnedFd& descriptor) {
  SocketMessage message(room.data(), room.size());
  const ssize_t count = ::recvmsg(socket, &message.header, MSG_DONTWAIT);
  if (count == 0) return {IoResult::Kind::end, 0, 0};
  if (count < 0) {
    const bool later = errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
    return {later ? IoResult::Kind::would_block : IoResult::Kind::failed, 0, later ? 0 : errno};
  }
  if (const int passed = message.take(); passed >= 0) descriptor.reset(passed);
  return {IoResult::Kind::moved, static_cast<std::size_t>(count), 0};
}

}  // namespace talk
