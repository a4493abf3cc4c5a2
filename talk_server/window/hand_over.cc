#include "talk_server/window/hand_over.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "common/posix/error.h"
#include "common/posix/unix_socket.h"
#include "common/posix/user.h"

namespace talk {
namespace {

// A directory that only this user may enter.
std::filesystem::path private_directory() {
  const std::filesystem::path runtime = runtime_directory();
  std::string name =
      (runtime.empty() ? std::filesystem::temp_directory_path() : runtime) / "talk-XXXXXX";
  if (::mkdtemp(name.data()) == nullptr) throw_errno("make a directory " + name);
  return name;
}

}  // namespace

HandOverSocket::HandOverSocket()
    : directory_(private_directory()), path_(directory_ / "hand-over") {
  try {
    listening_ = listen_at_path(path_, 1);
  } catch (...) {
    std::error_code ignored;
    std::filesystem::remove(directory_, ignored);
    throw;
  }
}

HandOverSocket::~HandOverSocket() {
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

OwnedFd HandOverSocket::accept() const {
  OwnedFd connection(::accept(listening_.get(), nullptr, nullptr));
  if (!connection) throw_errno("hear of a new window");
  ::fcntl(connection.get(), F_SETFD, FD_CLOEXEC);
  return connection;
}

}  // namespace talk
