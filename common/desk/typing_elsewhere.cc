#include "common/desk/typing_elsewhere.h"

#include <signal.h>

#include <list>
#include <string_view>
#include <system_error>
#include <vector>

#include "common/desk/control_client.h"
#include "common/desk/register.h"
#include "common/desk/report.h"
#include "common/posix/directory_entries.h"
#include "common/text/decimal.h"

namespace talk {
namespace {

constexpr milliseconds kPatience{100};
constexpr std::string_view kBoard = "board-";
constexpr std::string_view kTypingThere = "board typing=1";
constexpr std::string_view kNotTypingThere = "board";

// Of whoever may be typed to there.
std::vector<std::string> sockets_in(const std::string& directory) {
  std::vector<std::string> sockets;
  DirectoryEntries names(directory);
  while (const dirent* entry = names ? names.next() : nullptr) {
    const std::string_view name = entry->d_name;
    if (name.starts_with(kBoard) || decimal<std::uint64_t>(name))
      sockets.push_back(directory + "/" + std::string(name));
  }
  return sockets;
}

// A session's, whichever server's it is: the directories stand side by side.
std::list<ControlClient> ask_all(const std::string& directory, const std::string& own) {
  const std::string home = directory.substr(0, directory.rfind('/'));
  std::list<ControlClient> asked;
  DirectoryEntries servers(home);
  while (const dirent* entry = servers ? servers.next() : nullptr) {
    for (const std::string& socket : sockets_in(home + "/" + entry->d_name)) {
      if (socket == own) continue;
      try {
        asked.emplace_back(socket).ask("status");
      } catch (const std::system_error&) {
        // It is gone, or stands still.
      }
    }
  }
  return asked;
}

bool says_typing(const std::string& answer) {
  const auto report = read_session_report(answer);
  return report ? report->typing : answer == kTypingThere;
}

}  // namespace

std::string board_socket(const std::string& directory, pid_t process) {
  return directory + "/" + std::string(kBoard) + std::to_string(process);
}

std::string board_answer(bool typing) {
  return std::string(typing ? kTypingThere : kNotTypingThere);
}

bool typing_elsewhere(const std::string& directory, std::uint64_t own) {
  if (directory.empty()) return false;
  sigset_t mask;
  ::sigprocmask(SIG_SETMASK, nullptr, &mask);
  const Time deadline = Clock::now() + kPatience;
  std::list<ControlClient> asked = ask_all(directory, session_socket(directory, own));
  while (!asked.empty() && Clock::now() < deadline) {
    WaitSet wait;
    for (const ControlClient& window : asked) window.prepare(wait);
    wait.wake_by(deadline);
    wait.wait(mask);
    for (auto at = asked.begin(); at != asked.end();) {
      const auto answer = at->turn(wait);
      if (answer && says_typing(*answer)) return true;
      at = answer || at->ended() ? asked.erase(at) : std::next(at);
    }
  }
  return false;
}

}  // namespace talk
