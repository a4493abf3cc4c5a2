#include "talk_client/caller.h"

#include <algorithm>

#include "common/posix/connect.h"
#include "common/posix/error.h"
#include "common/session/conversation.h"
#include "talk_client/interruptible_wait.h"

namespace talk {
namespace {

constexpr seconds kGreetingTime{10};
// Between two attempts to call again.
constexpr milliseconds kFirstPause{100};
constexpr milliseconds kLongestPause{5'000};

}  // namespace

OwnedFd Caller::connect() const {
  try {
    return connect_to(options_.host, options_.port, options_.timeout);
  } catch (const std::exception& error) {
    throw ExitError(Outcome::kRefused, error.what());
  }
}

Caller::Answer Caller::call(milliseconds patience) const {
  Answer answer{connect()};
  answer.dialect = recognise_dialect(answer.socket.get(), signals_, patience);
  return answer;
}

OwnedFd Caller::call_again(Time give_up) const {
  for (milliseconds pause = kFirstPause; Clock::now() < give_up;
       pause = std::min(pause * 2, kLongestPause)) {
    const auto left = std::chrono::ceil<milliseconds>(give_up - Clock::now());
    interruptible_pause(std::min(pause, left), signals_);
    try {
      OwnedFd socket = connect_to(options_.host, options_.port,
                                  std::min<milliseconds>(options_.timeout, kLongestPause));
      if (recognise_dialect(socket.get(), signals_, kGreetingTime) == Dialect::talk1) return socket;
    } catch (const std::exception&) {
      // Not there yet; the reason that counts is the first one.
    }
  }
  return OwnedFd();
}

}  // namespace talk
