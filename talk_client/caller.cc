#include "talk_client/caller.h"

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "common/posix/error.h"
#include "common/session/conversation.h"
#include "talk_client/interruptible_wait.h"

namespace talk {
namespace {

constexpr seconds kSoon{3};
constexpr seconds kRetry{60};
constexpr seconds kLeastPatience{10};
// Between two attempts to call again.
constexpr milliseconds kFirstPause{100};
constexpr milliseconds kLongestPause{5'000};

constexpr int kMostDoublings = 6;  // of the first pause; more would be longer than the longest

// Calls `attempt` after growing pauses until it returns true or the time is over.
template <typename Attempt>
void repeat_until(Time give_up, Signals& signals, int in_vain, const Attempt& attempt) {
  milliseconds pause = kFirstPause * (1 << std::min(in_vain, kMostDoublings));
  for (; Clock::now() < give_up; pause *= 2) {
    pause = std::min(pause, kLongestPause);
    const auto left = std::chrono::ceil<milliseconds>(give_up - Clock::now());
    interruptible_pause(std::min(pause, left), signals);
    try {
      if (attempt()) return;
    } catch (const std::exception&) {
      // Not there yet; the reason that counts is the first one.
    }
  }
}

}  // namespace

std::string trying_again(const std::string& reason, seconds how_long) {
  return reason + "; trying again for " + std::to_string(how_long.count()) + " s";
}

seconds Caller::retry() const { return options_.retry.value_or(kRetry); }

seconds Caller::patience() const { return std::max(retry(), kLeastPatience); }

OwnedFd Caller::connect() const {
  try {
    const SignalsActAtOnce at_once;
    return route_.open();
  } catch (const std::system_error& error) {
    const bool broke = error.code().value() == ECONNRESET;
    throw ExitError(broke ? Outcome::kLost : Outcome::kRefused, error.code().message());
  } catch (const std::exception& error) {  // the host's name; the caller says where it wanted to
    std::string_view reason = error.what();
    const std::string doing = "connect to " + place() + ": ";
    if (reason.starts_with(doing)) reason.remove_prefix(doing.size());
    throw ExitError(Outcome::kRefused, std::string(reason));
  }
}

Caller::Answer Caller::call_once(Silence silence) const {
  Answer answer{connect()};
  answer.dialect = recognise_dialect(answer.socket.get(), signals_, kSoon);
  if (answer.dialect == Dialect::silent && silence == Silence::wait) {
    explain_silence();
    answer.dialect = recognise_dialect(answer.socket.get(), signals_, patience() - kSoon);
  }
  return answer;
}

Caller::Answer Caller::call(Silence silence) const {
  try {
    return call_once(silence);
  } catch (const ExitError& error) {
    if (error.code != Outcome::kLost || retry() == seconds(0)) throw;
    screen_.say(trying_again(error.what(), retry()));
    Answer answer = call_again(silence, Clock::now() + retry());
    if (!answer.socket) throw;
    return answer;
  }
}

Caller::Answer Caller::call_again(Silence silence, Time give_up, int in_vain) const {
  Answer answer;
  repeat_until(give_up, signals_, in_vain, [&] {
    answer = call_once(silence);
    return true;
  });
  return answer;
}

OwnedFd Caller::call_talk1_again(Time give_up) const {
  OwnedFd socket;
  repeat_until(give_up, signals_, 0, [&] {
    Answer answer = call_once(Silence::wait);
    if (answer.dialect == Dialect::talk1) socket = std::move(answer.socket);
    return static_cast<bool>(socket);
  });
  return socket;
}

void Caller::explain_silence() const {
  screen_.say("connected to " + place() + ", and nothing was heard yet: it may be full, or a " +
              "server that never greets (then --raw may help); waiting for " +
              std::to_string(patience().count()) + " s");
}

}  // namespace talk
