#include "talk_client/redial.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>

#include "common/posix/error.h"
#include "common/posix/signals.h"
#include "talk_client/route.h"

namespace talk {

// The end of the pipe is closed when the call has been made, whatever came of it.
struct Redial::UnderWay {
  OwnedFd done;   // this side's: can be read then
  OwnedFd until;  // the thread's
  std::mutex mutex;
  std::optional<Link> link;
};

void Redial::wanted(Time now) {
  const double chance = std::uniform_real_distribution<double>(0, 1)(random_);
  under_way_.reset();
  due_ = plan_.next(now, chance);
}

void Redial::call_now(Time now) {
  if (!calling()) due_ = now;
}

void Redial::prepare(WaitSet& wait) const {
  wait.wake_by(due_);
  if (under_way_) wait.want_read(under_way_->done.get());
}

std::optional<NextLink::Link> Redial::turn(const WaitSet& wait, Time now) {
  if (due_ && now >= *due_) {
    due_.reset();
    start();
    return std::nullopt;
  }
  if (!under_way_ || !wait.can_read(under_way_->done.get())) return std::nullopt;
  const auto made = std::exchange(under_way_, nullptr);
  const std::lock_guard lock(made->mutex);
  if (!made->link) wanted(now);
  return std::move(made->link);
}

void Redial::start() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw_errno("call again");
  under_way_ = std::make_shared<UnderWay>();
  under_way_->done.reset(ends[0]);
  under_way_->until.reset(ends[1]);
  const AllSignalsBlocked blocked;
  std::thread([call = call_, made = under_way_] {
    std::optional<Link> link;
    try {
      link = call();
    } catch (const std::exception&) {
      // Not there yet: it is tried again, and why the first link was lost is what counts.
    }
    const std::lock_guard lock(made->mutex);
    made->link = std::move(link);
    made->until.reset();
  }).detach();
}

Redial::Call calls_over(std::shared_ptr<Route> route, std::shared_ptr<const void> needed) {
  return [route = std::move(route), needed = std::move(needed)] {
    NextLink::Link link{route->open(Route::Call::again), "", ""};
    link.peer = route->peer(link.socket.get());
    return link;
  };
}

}  // namespace talk
