// The server's place in the register (common/desk/register.h): the directory in which its sessions
// can be asked, and the listener's own socket there. It reads requests of its own user, and of
// visitors nothing.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/desk/control_socket.h"
#include "common/desk/link_news.h"
#include "common/desk/register.h"

namespace talk {

class Registration {
 public:
  struct Facts {
    std::string name;            // as name_in_register() has it
    std::vector<int> listening;  // the listening sockets; borrowed
    std::size_t limit = 0;       // sessions
  };

  // Throws std::system_error.
  explicit Registration(const Facts& facts);

  const std::string& directory() const { return register_.directory(); }

  void prepare(WaitSet& wait, Time now) const { socket_->prepare(wait, now); }
  void turn(const WaitSet& wait, Time now) { socket_->turn(wait, now); }

  // What sessions say of their links.
  void hear_of_links(std::function<void(const LinkNews& news)> hear) { hear_ = std::move(hear); }

  // A session's process has ended.
  void forget(std::uint64_t session) const { register_.forget(session); }
  // The server is on no board any more, and is driven no more.
  void stop();

 private:
  std::string answer(std::string_view request) const;
  std::optional<std::uint64_t> waiting() const;

  Facts facts_;
  std::chrono::sys_seconds since_;
  std::function<void(const LinkNews& news)> hear_;
  Register register_;
  std::optional<ControlSocket> socket_;  // none once the server stops
};

}  // namespace talk
