#include "talk_client/clinic/local_server.h"

#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>

#include "common/posix/address.h"
#include "common/posix/owned_fd.h"
#include "common/text/decimal.h"

namespace talk::clinic {
namespace {

namespace fs = std::filesystem;

// The sockets that listen on `port`, as /proc/net names them ("socket:[8402]").
std::set<std::string> listening_sockets(int port) {
  std::set<std::string> found;
  for (const char* const table : {"/proc/net/tcp", "/proc/net/tcp6"}) {
    std::ifstream lines(table);
    for (std::string line; std::getline(lines, line);) {
      std::istringstream words(line);
      std::string slot, local, remote, state, queues, timer, again, user, timeout, node;
      words >> slot >> local >> remote >> state >> queues >> timer >> again >> user >> timeout >>
          node;
      const std::size_t colon = local.find(':');
      if (state != "0A" || colon == std::string::npos) continue;  // 0A: listening
      if (std::stoi(local.substr(colon + 1), nullptr, 16) == port)
        found.insert("socket:[" + node + "]");
    }
  }
  return found;
}

// The descriptor of `process` that is one of the sockets; -1: none is.
int descriptor_of(pid_t process, const std::set<std::string>& sockets) {
  std::error_code ignored;
  const fs::path directory = "/proc/" + std::to_string(process) + "/fd";
  for (const auto& entry : fs::directory_iterator(directory, ignored)) {
    const fs::path target = fs::read_symlink(entry.path(), ignored);
    if (sockets.contains(target.string()))
      return decimal<int>(entry.path().filename().string()).value_or(-1);
  }
  return -1;
}

// The state ('Z': a zombie) and the parent of a process.
std::pair<char, pid_t> state_of(pid_t process) {
  std::ifstream file("/proc/" + std::to_string(process) + "/stat");
  std::string line;
  std::getline(file, line);
  const std::size_t end = line.rfind(')');  // behind the program's name
  if (end == std::string::npos) return {' ', 0};
  std::istringstream words(line.substr(end + 1));
  char state = ' ';
  pid_t parent = 0;
  words >> state >> parent;
  return {state, parent};
}

std::set<pid_t> processes() {
  std::set<pid_t> all;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator("/proc", ignored))
    if (const auto process = decimal<pid_t>(entry.path().filename().string())) all.insert(*process);
  return all;
}

}  // namespace

std::optional<pid_t> listening_process(int port) {
  const std::set<std::string> sockets = listening_sockets(port);
  if (sockets.empty()) return std::nullopt;
  std::set<pid_t> holders;
  for (const pid_t process : processes())
    if (descriptor_of(process, sockets) >= 0) holders.insert(process);
  // Children that were forked hold it too: the server is whose parent does not.
  for (const pid_t process : holders)
    if (!holders.contains(state_of(process).second)) return process;
  return std::nullopt;
}

int zombies_of(pid_t process) {
  int count = 0;
  for (const pid_t child : processes()) {
    const auto [state, parent] = state_of(child);
    if (state == 'Z' && parent == process) ++count;
  }
  return count;
}

std::optional<bool> reuses_address(pid_t process, int port) {
#if defined(SYS_pidfd_open) && defined(SYS_pidfd_getfd)
  const int number = descriptor_of(process, listening_sockets(port));
  const OwnedFd handle(static_cast<int>(::syscall(SYS_pidfd_open, process, 0)));
  if (number < 0 || !handle) return std::nullopt;
  const OwnedFd socket(static_cast<int>(::syscall(SYS_pidfd_getfd, handle.get(), number, 0)));
  if (!socket) return std::nullopt;
  int on = 0;
  socklen_t size = sizeof on;
  if (::getsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, &size) != 0) return std::nullopt;
  return on != 0;
#else
  (void)process, (void)port;
  return std::nullopt;
#endif
}

}  // namespace talk::clinic
