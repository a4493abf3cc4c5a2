#include "talk_server/window/hand_over.h"

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <array>
#include <cstdint>
#include <cstring>

#include "common/posix/error.h"
#include "common/posix/io.h"
#include "common/wire/integers.h"

namespace talk {
namespace {

sockaddr_un address_of_path(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) throw_error(ENAMETOOLONG, "use " + path);
  std::memcpy(address.sun_path, path.data(), path.size());
  return address;
}

OwnedFd unix_socket() {
  OwnedFd socket(::socket(AF_UNIX, SOCK_STREAM, 0));
  if (!socket) throw_errno("make a socket");
  ::fcntl(socket.get(), F_SETFD, FD_CLOEXEC);
  return socket;
}

// The bytes of one control message that carries one descriptor.
union Control {
  cmsghdr header;
  std::array<char, CMSG_SPACE(sizeof(int))> bytes;
};

std::string read_exactly(int fd, std::size_t size) {
  std::string bytes(size, '\0');
  for (std::size_t have = 0; have < size;) {
    const IoResult result = read_some(fd, std::span(bytes).subspan(have));
    if (!result.moved()) throw std::runtime_error("take over a session: the other side has gone");
    have += result.count;
  }
  return bytes;
}

}  // namespace

Door::Door() {
  const char* const runtime = ::getenv("XDG_RUNTIME_DIR");
  std::error_code unknown;
  const bool given = runtime != nullptr && std::filesystem::is_directory(runtime, unknown);
  std::string name =
      (given ? std::filesystem::path(runtime) : std::filesystem::temp_directory_path()) /
      "talk-XXXXXX";
  if (::mkdtemp(name.data()) == nullptr) throw_errno("make a directory " + name);
  directory_ = name;
  path_ = directory_ / "door";
  listening_ = unix_socket();
  const sockaddr_un address = address_of_path(path_);
  if (::bind(listening_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(listening_.get(), 1) != 0)
    throw_errno("listen at " + path_);
}

Door::~Door() {
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

OwnedFd Door::open(milliseconds patience) const {
  pollfd ready{listening_.get(), POLLIN, 0};
  if (::poll(&ready, 1, static_cast<int>(patience.count())) != 1)
    throw std::runtime_error("open a window in tmux: it did not come");
  OwnedFd connection(::accept(listening_.get(), nullptr, nullptr));
  if (!connection) throw_errno("open a window in tmux");
  ::fcntl(connection.get(), F_SETFD, FD_CLOEXEC);
  return connection;
}

OwnedFd knock(const std::string& path) {
  OwnedFd socket = unix_socket();
  const sockaddr_un address = address_of_path(path);
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    throw_errno("take over a session at " + path);
  return socket;
}

void hand_over(int connection, int descriptor, const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += word + '\0';
  std::string size;
  put_integer(size, static_cast<std::uint32_t>(text.size()));
  iovec part{size.data(), size.size()};
  Control control{};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.bytes.data();
  message.msg_controllen = control.bytes.size();
  cmsghdr* const header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof(int));
  std::memcpy(CMSG_DATA(header), &descriptor, sizeof descriptor);
  if (::sendmsg(connection, &message, MSG_NOSIGNAL) != static_cast<ssize_t>(size.size()))
    throw_errno("hand over a session");
  write_all(connection, text, "hand over a session");
}

Parcel take_over(int connection) {
  std::array<char, sizeof(std::uint32_t)> size{};
  iovec part{size.data(), size.size()};
  Control control{};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.bytes.data();
  message.msg_controllen = control.bytes.size();
  Parcel parcel;
  const ssize_t count = ::recvmsg(connection, &message, MSG_WAITALL);
  const cmsghdr* const header = CMSG_FIRSTHDR(&message);
  if (count != static_cast<ssize_t>(size.size()) || header == nullptr ||
      header->cmsg_type != SCM_RIGHTS)
    throw std::runtime_error("take over a session: nothing was handed over");
  int descriptor = -1;
  std::memcpy(&descriptor, CMSG_DATA(header), sizeof descriptor);
  parcel.descriptor.reset(descriptor);
  ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
  const std::string text =
      read_exactly(connection, get_integer<std::uint32_t>({size.data(), size.size()}));
  for (std::size_t start = 0, end; (end = text.find('\0', start)) != std::string::npos;
       start = end + 1)
    parcel.words.push_back(text.substr(start, end - start));
  return parcel;
}

}  // namespace talk
