#include "talk_client/dialect.h"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <string_view>

#include "common/posix/error.h"
#include "common/posix/wait_set.h"
#include "common/session/outcome.h"
#include "common/session/wording.h"
#include "common/text/display.h"
#include "common/wire/accio.h"
#include "common/wire/greeting.h"
#include "common/wire/limits.h"
#include "talk_client/interruptible_wait.h"

namespace talk {
namespace {

// For the rest of a word of which the first bytes are there.
constexpr seconds kFirstWord{3};
// More of the first bytes is waited for so often, because they stay in the socket.
constexpr milliseconds kPause{10};

// Nothing while more bytes are needed.
std::optional<Dialect> judge(std::string_view first, bool more_may_come) {
  if (first.starts_with(kAccioGreeting)) return Dialect::accio;
  const FirstBytes verdict = judge_first_bytes(first);
  if (verdict.kind == FirstBytes::Kind::greeting) return Dialect::talk1;
  const bool refusal = first.starts_with(kRefusal) && first.size() < kMaxGreeting;
  if (refusal && first.ends_with('\n')) {
    const std::string_view line = first.substr(0, first.find_first_of("\r\n"));
    throw ExitError(Outcome::kRefused, refusal_text(display_text(line.substr(kRefusal.size()))));
  }
  const bool undecided = verdict.kind == FirstBytes::Kind::could_become_one || refusal ||
                         kAccioGreeting.starts_with(first) || kRefusal.starts_with(first);
  if (undecided && more_may_come) return std::nullopt;
  return first.empty() ? Dialect::silent : Dialect::other;
}

// Also where bytes that nobody has taken stand before the end: peeking stops at those for ever.
bool has_ended(int socket) {
  pollfd ready{socket, POLLRDHUP, 0};
  return ::poll(&ready, 1, 0) == 1;
}

}  // namespace

Dialect recognise_dialect(int socket, Signals& signals, milliseconds patience) {
  Time deadline = Clock::now() + patience;
  std::array<char, 1024> first{};
  std::size_t seen = 0;
  while (true) {
    WaitSet wait;
    if (seen == 0) wait.want_read(socket);
    wait.wake_by(seen == 0 ? deadline : std::min(deadline, Clock::now() + kPause));
    interruptible_wait(wait, signals);
    const bool ended = has_ended(socket);  // first, so that all that stands before it is seen
    const ssize_t count = ::recv(socket, first.data(), first.size(), MSG_PEEK | MSG_DONTWAIT);
    if (count == 0)
      throw ExitError(Outcome::kLost, "the server closed the connection without a word");
    if (count < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)
      throw ExitError(Outcome::kLost, "hear from the server: " + error_text(errno));
    if (count > 0 && seen == 0) deadline = Clock::now() + kFirstWord;
    if (count > 0) seen = static_cast<std::size_t>(count);
    const bool more_may_come = Clock::now() < deadline;
    if (const auto dialect = judge({first.data(), seen}, more_may_come)) return *dialect;
    if (ended)
      throw ExitError(Outcome::kLost,
                      "the connection ended in the middle of the server's greeting");
  }
}

}  // namespace talk
