#include "tests/support/talk_seat.h"

#include <signal.h>

#include <algorithm>

#include "common/posix/wait_set.h"

namespace talk::test {
namespace {

Transfers::Options transfer_options(const TalkSeat::Options& options) {
  Transfers::Options result;
  result.even_numbers = options.role == Role::handler;
  result.take_without_asking = !options.asks;
  result.directory = options.directory;
  result.share = options.share;
  return result;
}

Conversation::Options talk_options(const TalkSeat::Options& options) {
  Conversation::Options result;
  result.role = options.role;
  result.my_name = options.role == Role::handler ? "prof" : "alice";
  result.peer_address = "10.0.0.7";
  result.patience = options.patience;
  if (options.role == Role::handler)
    result.ticket = TalkTicket{3, std::string(TalkTicket::kTokenSize, 'a')};
  return result;
}

}  // namespace

TalkSeat::TalkSeat(const Options& options, Time now)
    : transfers(transfer_options(options)), talk(talk_options(options), screen, transfers, now) {}

void TalkSeat::work(milliseconds patience) {
  sigset_t mask;
  ::pthread_sigmask(SIG_SETMASK, nullptr, &mask);
  WaitSet wait;
  transfers.prepare(wait, Clock::now());
  wait.wake_by(Clock::now() + patience);
  wait.wait(mask);
  transfers.turn();
}

std::string TalkSeat::take(std::size_t most, Time now) {
  std::string taken;
  while (taken.size() < most) {
    const std::string_view bytes = talk.outgoing(most - taken.size(), now);
    if (bytes.empty()) break;
    const std::size_t count = std::min(bytes.size(), most - taken.size());
    taken.append(bytes.substr(0, count));
    talk.sent(count);
  }
  return taken;
}

}  // namespace talk::test
