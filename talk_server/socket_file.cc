#include "talk_server/socket_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/posix/error.h"
#include "common/posix/unix_socket.h"

namespace talk {
namespace {

// Two servers that start at once must not take a socket for a stale one that the other has bound
// and does not listen at yet: whoever looks and binds holds the directory's lock. Anybody who may
// read the directory can hold it too, so it is not waited for without end.
OwnedFd lock_directory_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  const std::string directory = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  OwnedFd lock(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!lock) throw_errno("listen at " + path);
  for (int i = 0; i < 100 && ::flock(lock.get(), LOCK_EX | LOCK_NB) != 0; ++i) ::usleep(10'000);
  return lock;
}

// Whether nobody listens there any more. Who does is not to take the question for a visitor.
bool is_stale(const std::string& path) {
  try {
    return !is_bound(path);
  } catch (const std::system_error&) {
    return false;  // whatever is wrong shows when it is bound
  }
}

void remove_stale(const std::string& path) {
  struct stat there {};
  if (::lstat(path.c_str(), &there) != 0) return;  // whatever is wrong shows when it is bound
  if (!S_ISSOCK(there.st_mode)) throw_error(EEXIST, "listen at " + path);
  if (is_stale(path)) ::unlink(path.c_str());
}

OwnedFd listen_privately(const std::string& path) {
  const mode_t before = ::umask(0177);  // the socket is never anybody else's, not for a moment
  try {
    OwnedFd socket = listen_at_path(path, SOMAXCONN);
    ::umask(before);
    return socket;
  } catch (...) {
    ::umask(before);
    throw;
  }
}

}  // namespace

SocketFile::SocketFile(const std::string& path) : path_(path) {
  const OwnedFd lock = lock_directory_of(path);
  remove_stale(path);
  socket_ = listen_privately(path);
  ::fcntl(socket_.get(), F_SETFL, O_NONBLOCK);
  struct stat mine {};
  if (::lstat(path.c_str(), &mine) != 0) throw_errno("listen at " + path);
  device_ = mine.st_dev;
  inode_ = mine.st_ino;
}

SocketFile::~SocketFile() {
  struct stat there {};
  if (::lstat(path_.c_str(), &there) == 0 && there.st_dev == device_ && there.st_ino == inode_)
    ::unlink(path_.c_str());
}

}  // namespace talk
