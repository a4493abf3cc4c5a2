#include "talk_server/welcome.h"

#include <limits.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "common/posix/log.h"
#include "talk_server/handlers.h"

namespace talk {
namespace {

bool everywhere(const std::string& ip) { return ip == "::" || ip == "0.0.0.0"; }

bool only_here(const std::string& ip) { return ip == "::1" || ip.starts_with("127."); }

// What a shell and a terminal take as it stands.
bool is_plain(const std::string& machine) {
  constexpr std::string_view kAllowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._";
  return !machine.empty() && machine[0] != '-' &&
         machine.find_first_not_of(kAllowed) == std::string::npos;
}

std::string with_host(std::string way, const std::string& host) {
  constexpr std::string_view kHost = "HOST";
  return way.replace(way.find(kHost), kHost.size(), host);
}

// Nobody but this user on this machine comes there. What a shell would not take as it stands is
// left to whoever typed it.
std::string welcome_at_path(const HandlerKind& kind, const std::string& path) {
  std::string shown = path;
  shown.erase(std::remove(shown.begin(), shown.end(), '/'), shown.end());
  shown = is_plain(shown) ? path : "PATH";
  std::string way = kind.best_way;
  const bool netcat = way.starts_with("nc ");
  return "visitors come with: " + with_host(std::move(way), (netcat ? "-U " : "unix:") + shown);
}

std::string machine_name() {
  std::array<char, HOST_NAME_MAX + 1> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

}  // namespace

std::string welcome(const std::string& handler, const Address& listening,
                    const std::string& machine) {
  const std::string name = is_plain(machine) ? machine : "HOST";
  const HandlerKind& kind = handler_kind(handler);
  if (!listening.path.empty()) return welcome_at_path(kind, listening.path);
  const std::string host =
      (everywhere(listening.ip) ? name : listening.ip) + " " + std::to_string(listening.port);
  std::string line = "visitors come with: " + with_host(kind.best_way, host);
  if (kind.other_way != nullptr) line += "   or: " + with_host(kind.other_way, host);
  if (only_here(listening.ip)) line += "   (from this machine only)";
  return line;
}

void say_welcome(const std::string& handler, const Address& listening) {
  const int out = ::isatty(STDERR_FILENO) == 1 ? STDERR_FILENO : STDOUT_FILENO;
  if (::isatty(out) == 1) LogSink(out).write(welcome(handler, listening, machine_name()) + "\n");
}

}  // namespace talk
