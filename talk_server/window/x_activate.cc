#include "talk_server/window/x_activate.h"

#include <unistd.h>

#include <algorithm>
#include <stdexcept>

#include "talk_server/window/x_client.h"

namespace talk {
namespace {

constexpr std::uint32_t kByPager = 2;  // the source of the request: a person's wish
constexpr useconds_t kBetweenLooks = 20'000;

// Some terminals put their own name before it.
bool is_titled(XClient& client, XClient::Id window, const std::string& title) {
  for (const char* const property : {"_NET_WM_NAME", "WM_NAME"})
    if ((" " + client.text(window, client.atom(property))).find(" " + title) != std::string::npos)
      return true;
  return false;
}

// One that has gone, for another that knows nothing of this, has left its properties behind; only
// the window that it had is gone with it.
bool manager_knows(XClient& client, XClient::Id request) {
  const XClient::Id check = client.atom("_NET_SUPPORTING_WM_CHECK");
  const auto own = client.numbers(client.root(), check);
  if (own.empty() || client.numbers(own[0], check) != own) return false;
  const auto supported = client.numbers(client.root(), client.atom("_NET_SUPPORTED"));
  return std::find(supported.begin(), supported.end(), request) != supported.end();
}

// The focus may be at a part of the window.
bool has_keyboard(XClient& client, XClient::Id window) {
  for (XClient::Id at = client.focus(); at > 1 && at != client.root(); at = client.parent(at))
    if (at == window) return true;
  return false;
}

}  // namespace

void activate_x_window(const std::string& display, std::uint32_t window, const std::string& title,
                       milliseconds patience) {
  const Time deadline = Clock::now() + patience;
  XClient client(display, patience);
  if (!is_titled(client, window, title))
    throw std::runtime_error("its window is not known on the display " + display);
  const XClient::Id activate = client.atom("_NET_ACTIVE_WINDOW");
  const bool managed = manager_knows(client, activate);
  if (managed)
    client.ask_manager(window, activate, {kByPager, 0, 0});
  else
    client.map_and_raise(window);
  while (!has_keyboard(client, window)) {
    if (Clock::now() >= deadline)
      throw std::runtime_error("its window does not get the keyboard from the window manager");
    if (!managed) client.set_focus(window);  // in error until the window can be seen
    ::usleep(kBetweenLooks);
  }
}

}  // namespace talk
