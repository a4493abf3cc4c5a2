#include "talk_server/board/presence.h"

#include <unistd.h>

#include <system_error>
#include <utility>

#include "common/desk/register.h"
#include "common/desk/typing_elsewhere.h"

namespace talk {
namespace {

constexpr seconds kBetweenLooks{2};

}  // namespace

BoardPresence::BoardPresence(std::string directory, std::function<bool()> typing)
    : directory_(std::move(directory)),
      path_(board_socket(directory_, ::getpid())),
      typing_(std::move(typing)) {
  enter();
}

BoardPresence::~BoardPresence() {
  socket_.reset();
  leave_register(directory_);
}

void BoardPresence::enter() {
  look_ = Clock::now() + kBetweenLooks;
  if (socket_ && ::access(path_.c_str(), F_OK) == 0) return;
  socket_.reset();
  try {
    socket_.emplace(path_, [this](std::string_view) { return board_answer(typing_()); });
  } catch (const std::system_error&) {
    // The directory is gone: perhaps it comes again.
  }
}

void BoardPresence::prepare(WaitSet& wait, Time now) const {
  wait.wake_by(look_);
  if (socket_) socket_->prepare(wait, now);
}

void BoardPresence::turn(const WaitSet& wait, Time now) {
  if (socket_) socket_->turn(wait, now);
  if (now >= look_) enter();
}

}  // namespace talk
