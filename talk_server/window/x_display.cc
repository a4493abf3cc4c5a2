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

bool answers(const std::string& path) {
  try {
    connect_to_path(path);
    return true;
  } catch (const std::system_error&) {
    return false;
  }
}

}  // namespace

void check_x_display(const std::string& display) {
  const std::string doing = "use the X display '" + display + "'";
  const std::size_t colon = display.rfind(':');
  std::optional<std::uint16_t> number;
  if (colon != std::string::npos)
    number = decimal<std::uint16_t>(
        std::string_view(display).substr(colon + 1, display.find('.', colon) - colon - 1));
  if (!number || *number > kHighest)
    throw std::runtime_error(doing + ": it is not of the form HOST:NUMBER");
  const std::string host = display.substr(0, colon);
  if (host.empty() || host == "unix") {
    const std::string path = "/tmp/.X11-unix/X" + std::to_string(*number);
    if (answers(path)) return;
#ifdef __linux__
    if (answers('\0' + path)) return;
#endif
    throw std::runtime_error(doing + ": no X server answers there (--terminal none needs none)");
  }
  if (host.starts_with('/')) return;  // a launcher's own socket, which xterm knows to use
  try {
    connect_to(host, std::to_string(kTcpBase + *number), kPatience);
  } catch (const std::exception& error) {
    throw std::runtime_error(doing + ": " + error.what());
  }
}

}  // namespace talk
