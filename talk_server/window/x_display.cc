#include "talk_server/window/x_display.h"

#include <cstdint>
#include <limits>

#include "common/posix/connect.h"
#include "common/posix/error.h"
#include "common/posix/unix_socket.h"
#include "common/text/decimal.h"

namespace talk {
namespace {

constexpr std::uint16_t kTcpBase = 6000;  // display N listens on TCP port 6000 + N
constexpr std::uint16_t kHighest = std::numeric_limits<std::uint16_t>::max() - kTcpBase;
constexpr seconds kPatience{5};

OwnedFd call(const std::string& path) {
  try {
    return connect_to_path(path);
  } catch (const std::system_error&) {
    return {};
  }
}

OwnedFd call_here(std::uint16_t number) {
  const std::string path = "/tmp/.X11-unix/X" + std::to_string(number);
  OwnedFd socket = call(path);
#ifdef __linux__
  if (!socket) socket = call('\0' + path);
#endif
  if (!socket) throw std::runtime_error("no X server answers there (--terminal none needs none)");
  return socket;
}

bool is_launchers(const std::string& display) { return display.starts_with('/'); }

}  // namespace

void check_x_display(const std::string& display) {
  if (!is_launchers(display)) connect_to_x_display(display);  // that one xterm knows to use
}

XDisplay connect_to_x_display(const std::string& display) {
  const std::string doing = "use the X display '" + display + "'";
  const std::size_t colon = display.rfind(':');
  std::optional<std::uint16_t> number;
  if (colon != std::string::npos)
    number = decimal<std::uint16_t>(
        std::string_view(display).substr(colon + 1, display.find('.', colon) - colon - 1));
  if (!number || *number > kHighest || is_launchers(display))
    throw std::runtime_error(doing + ": it is not of the form HOST:NUMBER");
  const std::string host = display.substr(0, colon);
  const bool here = host.empty() || host == "unix";
  try {
    OwnedFd socket =
        here ? call_here(*number) : connect_to(host, std::to_string(kTcpBase + *number), kPatience);
    return {std::move(socket), std::to_string(*number)};
  } catch (const std::exception& error) {
    throw std::runtime_error(doing + ": " + error.what());
  }
}

}  // namespace talk
