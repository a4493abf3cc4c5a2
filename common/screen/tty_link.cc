#include "common/screen/tty_link.h"

#include <unistd.h>

#include <array>

#include "common/posix/crash_guard.h"
#include "common/posix/environment.h"
#include "common/posix/io.h"
#include "common/posix/terminal_kind.h"
#include "common/wire/limits.h"

namespace talk {
namespace {

constexpr milliseconds kSequencePause{50};
constexpr std::size_t kReadAtOnce = 4096;
// A screen puts no more of what the peer sends before queued() is small; what answers a key is
// bounded by reading none while much is queued.
constexpr std::size_t kMostQueued = std::size_t{64} << 20;
constexpr std::size_t kReadsKeysBelow = std::size_t{4} << 20;

}  // namespace

TtyLink::TtyLink(Options options)
    : options_(std::move(options)),
      mode_(STDIN_FILENO, options_.controls),
      output_(STDOUT_FILENO, kMostQueued),
      keys_(kMaxText) {
  take();
}

TtyLink::~TtyLink() { give_back(Clock::now()); }

void TtyLink::take() {
  if (taken_) return;
  taken_ = true;
  mode_.take();
  output_.put(options_.begin);
  guard_terminal(STDOUT_FILENO, mode_.before(), options_.end);
  resized();
}

void TtyLink::give_back(Time deadline, std::string_view farewell, TtyMode::Typed typed) {
  if (!taken_) return;
  taken_ = false;
  output_.put(options_.end);
  output_.put(farewell);
  if (!gone()) output_.flush(deadline);
  mode_.give_back(typed);
  unguard_terminal();
}

bool TtyLink::raise_window() {
  constexpr std::string_view kRestoreAndRaise = "\x1b[1t\x1b[5t";  // xterm's window operations
  if (terminal_is_dumb() || environment("TERM") == "linux") return false;
  put(kRestoreAndRaise);
  return true;
}

void TtyLink::resized() { size_ = window_size(STDOUT_FILENO); }

void TtyLink::prepare(WaitSet& wait) const {
  if (gone()) return wait.wake_by(Time{});  // at once: there is nothing to wait for
  if (queued() < kReadsKeysBelow) wait.want_read(STDIN_FILENO);
  output_.prepare(wait);
  if (held_since_) wait.wake_by(*held_since_ + kSequencePause);
}

std::vector<Key> TtyLink::read_keys(const WaitSet& wait, Time now) {
  if (!gone() && wait.can_read(STDIN_FILENO)) {
    std::array<char, kReadAtOnce> bytes;
    const IoResult result = read_some(STDIN_FILENO, bytes);
    hung_up_ = result.end() || result.failed();
    std::vector<Key> keys = keys_.read({bytes.data(), result.count});
    held_since_ = keys_.holding() ? std::optional(now) : std::nullopt;
    return keys;
  }
  if (!held_since_ || now < *held_since_ + kSequencePause) return {};
  held_since_.reset();
  return keys_.flush();
}

}  // namespace talk
