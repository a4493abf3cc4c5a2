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

// The length and, as its control message, room for one descriptor. Stays where it is: the header
// points into it.
struct Message {
  Length length = 0;
  iovec part{&length, sizeof length};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
  msghdr header{};

  Message() {
    header.msg_iov = &part;
    header.msg_iovlen = 1;
    header.msg_control = control.data();
    header.msg_controllen = control.size();
  }
  Message(const Message&) = delete;
  Message& operator=(const Message&) = delete;
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
  Message message;
  message.length = static_cast<Length>(text.size());
  if (descriptor >= 0) {
    cmsghdr* const control = CMSG_FIRSTHDR(&message.header);
    control->cmsg_level = SOL_SOCKET;
    control->cmsg_type = SCM_RIGHTS;
    control->cmsg_len = CMSG_LEN(sizeof descriptor);
    std::memcpy(CMSG_DATA(control), &descriptor, sizeof descriptor);
  } else {
    message.header.msg_controllen = 0;
  }
  if (::sendmsg(socket, &message.header, MSG_NOSIGNAL) != ssize_t{sizeof message.length})
    throw_errno(doing);
  write_all(socket, text, doing);
}

PassedDescriptor receive_descriptor(int socket, Descriptor expected) {
  Message message;
  ssize_t count;
  do {
    count = ::recvmsg(socket, &message.header, MSG_WAITALL);
  } while (count < 0 && errno == EINTR);
  const cmsghdr* const control = CMSG_FIRSTHDR(&message.header);
  PassedDescriptor passed;
  if (control != nullptr && control->cmsg_type == SCM_RIGHTS) {
    int descriptor = -1;
    std::memcpy(&descriptor, CMSG_DATA(control), sizeof descriptor);
    passed.descriptor.reset(descriptor);
    ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
  }
  if (count != ssize_t{sizeof message.length} || message.length > kMostBytes ||
      (!passed.descriptor && expected == Descriptor::must_be))
    throw std::runtime_error("receive a descriptor: none was sent");
  const std::string text = read_exactly(socket, message.length);
  for (std::size_t start = 0, end; (end = text.find('\0', start)) != std::string::npos;
       start = end + 1)
    passed.words.push_back(text.substr(start, end - start));
  return passed;
}

}  // namespace talk
