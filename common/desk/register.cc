#include "common/desk/register.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <functional>
#include <utility>

#include "common/desk/control_client.h"
#include "common/posix/directory_entries.h"
#include "common/posix/error.h"
#include "common/posix/user.h"
#include "common/text/decimal.h"

namespace talk {
namespace {

constexpr const char* kListener = "listener";
constexpr int kMostOfOneName = 100;  // servers of one port, each at an address of its own

struct Home {
  std::string parent;
  std::string name;
  std::string path() const { return parent + "/" + name; }
};

// Where servers may be: the first that can be had is where a new one goes.
std::vector<Home> homes() {
  std::vector<Home> homes;
  if (std::string runtime = runtime_directory(); !runtime.empty())
    homes.push_back({std::move(runtime), "talk"});
  const std::string user = std::to_string(::geteuid());
  homes.push_back({"/tmp", "talk-" + user});
  // Where a server has it that was started within a login: a script may know nothing of that.
  if (const std::string usual = "/run/user/" + user; homes.front().parent != usual)
    homes.push_back({usual, "talk"});
  return homes;
}

// A directory that is this user's alone. Throws std::system_error.
OwnedFd open_private(const std::string& path) {
  OwnedFd directory(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  struct stat status {};
  if (!directory || ::fstat(directory.get(), &status) != 0) throw_errno("use " + path);
  if (status.st_uid != ::geteuid() || (status.st_mode & 077) != 0)
    throw_error(EPERM, "use " + path);
  return directory;
}

OwnedFd make_private(const std::string& path) {
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) throw_errno("make " + path);
  return open_private(path);
}

void for_each_name(const std::string& path, const std::function<void(const std::string&)>& call) {
  DirectoryEntries directory(path);
  if (!directory) return;
  while (const dirent* entry = directory.next()) call(entry->d_name);
}

bool is_answered(const std::string& socket) {
  try {
    const ControlClient answers(socket);
    return true;
  } catch (const std::system_error& error) {
    return error.code().value() == EAGAIN;
  }
}

bool is_living(const std::string& directory) { return is_answered(listener_socket(directory)); }

// A lock belongs to the server that lives, or for a moment to a session that leaves.
bool locks(int directory) { return ::flock(directory, LOCK_EX | LOCK_NB) == 0; }

bool locks_in_time(int directory) {
  for (int i = 0; i < 20; ++i) {
    if (locks(directory)) return true;
    ::usleep(5000);
  }
  return false;
}

bool is_at(const std::string& path, int directory) {
  struct stat here {};
  struct stat there {};
  return ::fstat(directory, &here) == 0 && ::lstat(path.c_str(), &there) == 0 &&
         here.st_ino == there.st_ino && here.st_dev == there.st_dev;
}

// What a killed server has left: a directory that nobody holds, and sockets at which nobody
// answers.
void sweep(const std::string& directory) {
  try {
    const OwnedFd lock = open_private(directory);
    if (!locks(lock.get()) || is_living(directory)) return;
    for_each_name(directory, [&](const std::string& entry) {
      const std::string path = directory + "/" + entry;
      if (!is_answered(path)) ::unlink(path.c_str());
    });
    ::rmdir(directory.c_str());  // not where a session has outlived its server
  } catch (const std::system_error&) {
    // It is gone, or none of ours.
  }
}

}  // namespace

Register::Register(const std::string& name) {
  const std::vector<Home> candidates = homes();
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    try {
      const std::string home = candidates[i].path();
      make_private(home);
      for_each_name(home, [&](const std::string& other) { sweep(home + "/" + other); });
      for (int n = 1; n <= kMostOfOneName; ++n)
        if (take(home, n == 1 ? name : name + "-" + std::to_string(n))) return;
      throw_error(EEXIST, "make " + home + "/" + name);
    } catch (const std::system_error&) {
      if (i + 1 == candidates.size()) throw;
    }
  }
}

// False where a living server has it.
bool Register::take(const std::string& home, const std::string& name) {
  const std::string directory = home + "/" + name;
  while (true) {
    OwnedFd lock = make_private(directory);
    if (!locks(lock.get()) && (is_living(directory) || !locks_in_time(lock.get()))) return false;
    if (!is_at(directory, lock.get())) continue;  // somebody left it for good meanwhile
    for_each_name(directory,
                  [&](const std::string& entry) { ::unlink((directory + "/" + entry).c_str()); });
    directory_ = directory;
    lock_ = std::move(lock);
    return true;
  }
}

Register::~Register() {
  if (locks(lock_.get()) && is_at(directory_, lock_.get())) ::rmdir(directory_.c_str());
}

void Register::release() {
  released_ = true;
  ::flock(lock_.get(), LOCK_UN);
}

void Register::forget(std::uint64_t session) const {
  if (!locks(lock_.get())) return;
  ::unlinkat(lock_.get(), std::to_string(session).c_str(), 0);
  if (released_) ::flock(lock_.get(), LOCK_UN);
}

void leave_register(const std::string& directory) {
  try {
    const OwnedFd lock = open_private(directory);
    if (locks(lock.get())) ::rmdir(directory.c_str());
  } catch (const std::system_error&) {
    // It is gone, or none of ours.
  }
}

void forget_session(const std::string& directory, std::uint64_t number) {
  if (directory.empty() || number == 0) return;
  const std::string socket = session_socket(directory, number);
  if (is_answered(socket)) return;
  ::unlink(socket.c_str());
  leave_register(directory);
}

std::string name_in_register(const Address& address) {
  if (address.port != 0) return std::to_string(address.port);
  // The register's own sockets have paths of little more than a hundred bytes.
  constexpr std::size_t kMost = 40;
  std::string name = address.path.substr(address.path.rfind('/') + 1);
  if (name.size() > kMost) name = name.substr(name.size() - kMost);
  return "unix:" + name;
}

std::string listener_socket(const std::string& directory) { return directory + "/" + kListener; }

std::string session_socket(const std::string& directory, std::uint64_t number) {
  return directory + "/" + std::to_string(number);
}

std::vector<RegisteredServer> registered_servers() {
  std::vector<RegisteredServer> servers;
  for (const Home& home : homes()) {
    try {
      open_private(home.path());
    } catch (const std::system_error&) {
      continue;
    }
    for_each_name(home.path(), [&](const std::string& name) {
      const std::string directory = home.path() + "/" + name;
      if (is_living(directory)) servers.push_back({name, directory});
    });
  }
  std::sort(servers.begin(), servers.end(), [](const auto& one, const auto& other) {
    return one.name.size() != other.name.size() ? one.name.size() < other.name.size()
                                                : one.name < other.name;
  });
  return servers;
}

std::vector<std::uint64_t> registered_sessions(const std::string& directory) {
  std::vector<std::uint64_t> numbers;
  for_each_name(directory, [&](const std::string& name) {
    if (const auto number = decimal<std::uint64_t>(name)) numbers.push_back(*number);
  });
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

}  // namespace talk
