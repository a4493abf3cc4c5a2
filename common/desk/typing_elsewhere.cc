#include "common/desk/typing_elsewhere.h"

#include <signal.h>

#include <list>
#include <system_error>

#include "common/desk/control_client.h"
#include "common/desk/register.h"
#include "common/desk/report.h"

namespace talk {
namespace {

constexpr milliseconds kPatience{100};

std::list<ControlClient> ask_sessions(const std::string& directory, std::uint64_t own) {
  std::list<ControlClient> asked;
  for (const std::uint64_t number : registered_sessions(directory)) {
    if (number == own) continue;
    try {
      asked.emplace_back(session_socket(directory, number)).ask("status");
    } catch (const std::system_error&) {
      // It is gone, or stands still.
    }
  }
  return asked;
}

}  // namespace

bool typing_elsewhere(const std::string& directory, std::uint64_t own) {
  if (directory.empty()) return false;
  sigset_t mask;
  ::sigprocmask(SIG_SETMASK, nullptr, &mask);
  const Time deadline = Clock::now() + kPatience;
  std::list<ControlClient> asked = ask_sessions(directory, own);
  while (!asked.empty() && Clock::now() < deadline) {
    WaitSet wait;
    for (const ControlClient& session : asked) session.prepare(wait);
    wait.wake_by(deadline);
    wait.wait(mask);
    for (auto at = asked.begin(); at != asked.end();) {
      const auto answer = at->turn(wait);
      const auto report = answer ? read_session_report(*answer) : std::nullopt;
      if (report && report->typing) return true;
      at = answer || at->ended() ? asked.erase(at) : std::next(at);
    }
  }
  return false;
}

}  // namespace talk
