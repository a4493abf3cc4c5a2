// The one way by which this program reaches its server: every call, the first as well as those
// after a link that broke, is made here.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "common/confine/monitor.h"
#include "common/posix/clock.h"
#include "common/posix/owned_fd.h"
#include "talk_client/options.h"
#include "talk_client/via_command.h"

namespace talk {

class Route {
 public:
  // Throws UsageError where the port is the name of a service that nobody knows.
  explicit Route(const ClientOptions& options);

  // Calls the server, and gives up after --timeout. The socket is close-on-exec and blocking.
  // Throws std::runtime_error that says what was to be reached and why it was not;
  // std::system_error where the reason is an errno. Through a command it returns when that has
  // brought the first bytes, or is silent for so long; the command of an earlier call is ended.
  // Who calls again speaks first: then nothing is waited for.
  enum class Call { first, again };
  OwnedFd open(Call call = Call::first);

  // Where the command that led to the server has ended by itself, and not well: a sentence with its
  // last words. Empty otherwise.
  std::string parting();

  // From here on open() and parting() ask the monitor, whose deeds are those of its own copy.
  static constexpr char kCall[] = "call the server";
  static constexpr char kCallAgain[] = "call the server again";
  static constexpr char kParting[] = "hear the command's last words";
  void open_through(Monitor& monitor) { monitor_ = &monitor; }
  // Ends the command.
  void hang_up() { command_.reset(); }

  // The server in messages: "desk port 1234", "unix:/run/talk".
  std::string place() const { return address_.place(); }

  // Who is at the other end of a connection that open() made, for the screen: an IP address, or
  // what the person called it by where there is none.
  std::string peer(int socket) const;

 private:
  OwnedFd open_via(Call call);

  ServerAddress address_;
  seconds timeout_;
  std::vector<std::string> via_;
  std::unique_ptr<ViaCommand> command_;  // of the last call
  Monitor* monitor_ = nullptr;
};

}  // namespace talk
