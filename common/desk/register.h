// The register: for each server of this user a private directory, $XDG_RUNTIME_DIR/talk/PORT, else
// /tmp/talk-UID/PORT, in which the listener and each of its sessions have a control socket. Nothing
// in it is followed or believed that is not this user's own.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/posix/address.h"
#include "common/posix/owned_fd.h"

namespace talk {

// The listener's. While it lives no other server takes the directory.
class Register {
 public:
  // Makes the directory for a server called `name` (its port), emptied of what a killed one left.
  // Where a living server has that name too (at another address) it is called NAME-2, and so on.
  // Throws std::system_error.
  explicit Register(const std::string& name);
  // The directory goes too, unless a session is still in it.
  ~Register();
  Register(const Register&) = delete;
  Register& operator=(const Register&) = delete;

  const std::string& directory() const { return directory_; }

  // The server is stopping: another one may take the directory from here on.
  void release();
  // A session's process has ended, in whatever way: nothing of it stays, unless another server has
  // the directory by now.
  void forget(std::uint64_t session) const;

 private:
  bool take(const std::string& home, const std::string& name);

  std::string directory_;
  OwnedFd lock_;  // the directory
  bool released_ = false;
};

// What the server at that address is called in the register: "1234", "unix:talk.sock".
std::string name_in_register(const Address& address);

std::string listener_socket(const std::string& directory);
std::string session_socket(const std::string& directory, std::uint64_t number);

// For a session that is gone, the last of a server that has stopped: takes the directory away,
// where nothing is in it.
void leave_register(const std::string& directory);

// The same for a session that has left its socket behind, which goes first, unless it is answered:
// then another session has the number, of a server that came after one that was killed. Does
// nothing where there is no directory or no number.
void forget_session(const std::string& directory, std::uint64_t number);

// The servers of this user that run, by name.
struct RegisteredServer {
  std::string name;
  std::string directory;
};
std::vector<RegisteredServer> registered_servers();

// The numbers of the sessions in a directory, in order.
std::vector<std::uint64_t> registered_sessions(const std::string& directory);

}  // namespace talk
