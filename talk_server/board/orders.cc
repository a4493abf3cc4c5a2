#include "talk_server/board/orders.h"

#include <cerrno>
#include <system_error>
#include <utility>

#include "common/desk/register.h"

namespace talk {
namespace {

using Kind = OrderResult::Kind;

constexpr milliseconds kPatience{950};

OrderResult result_of(std::uint64_t number, std::string_view answer) {
  const ControlLine line = split_control_line(answer);
  if (line.word == "ok") return {number};
  if (line.word == "left") return {number, Kind::left};
  const bool known = answer != kNoSuchRequest;
  if (known && line.word == "no") return {number, Kind::refused, std::string(line.text)};
  if (auto window = read_tmux_answer(answer)) return {number, Kind::done, {}, std::move(window)};
  if (const auto window = read_window_answer(answer)) return {number, Kind::done, {}, {}, window};
  return {number, Kind::refused, "its program does not know that request"};
}

}  // namespace

std::string problem_text(const OrderResult& result) {
  const std::string session = "session " + std::to_string(result.number);
  switch (result.kind) {
    case Kind::done:
      return "";
    case Kind::left:
      return session + " has ended";
    case Kind::refused:
      return session + ": " + result.reason;
    case Kind::unanswered:
      return session + " does not answer; it may still do it when it wakes";
    case Kind::gone:
      return "there is no " + session;
  }
  return "";
}

void Orders::give(std::uint64_t number, const std::string& request, Time now) {
  try {
    pending_.push_back(
        {number, ControlClient(session_socket(directory_, number)), now + kPatience});
    pending_.back().client.ask(request);
  } catch (const std::system_error& error) {
    const bool frozen = error.code().value() == EAGAIN;
    results_.push_back({number, frozen ? Kind::unanswered : Kind::gone});
  }
}

void Orders::prepare(WaitSet& wait) const {
  for (const Pending& order : pending_) {
    order.client.prepare(wait);
    wait.wake_by(order.deadline);
  }
}

void Orders::turn(const WaitSet& wait, Time now) {
  pending_.remove_if([&](Pending& order) {
    const auto answer = order.client.turn(wait);
    if (answer)
      results_.push_back(result_of(order.number, *answer));
    else if (order.client.ended())
      results_.push_back({order.number, Kind::gone});
    else if (now >= order.deadline)
      results_.push_back({order.number, Kind::unanswered});
    else
      return false;
    return true;
  });
}

std::vector<OrderResult> Orders::take_results() { return std::exchange(results_, {}); }

}  // namespace talk
