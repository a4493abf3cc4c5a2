// Calls the server again when the link of a talk is lost. A call may take as long as --timeout
// allows, and the name of a host as long as it likes: a thread makes it, the talk goes on
// meanwhile.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <random>

#include "common/session/next_link.h"
#include "talk_client/call_plan.h"

namespace talk {

class Route;

class Redial : public NextLink {
 public:
  // Makes one call, in a thread; throws std::exception where nobody is reached. What it needs lives
  // as long as itself: it may still be under way when the program ends.
  using Call = std::function<Link()>;
  explicit Redial(Call call) : call_(std::move(call)) {}

  // Whether one is being made.
  bool calling() const { return under_way_ != nullptr; }

  void wanted(Time now) override;
  void answered(Time now) override { plan_.answered(now); }
  void call_now(Time now) override;
  void prepare(WaitSet& wait) const override;
  std::optional<Link> turn(const WaitSet& wait, Time now) override;
  std::optional<Time> next_call() const override { return due_ ? due_ : Time{}; }

 private:
  struct UnderWay;
  void start();

  Call call_;
  CallPlan plan_;
  std::mt19937 random_{std::random_device{}()};
  std::optional<Time> due_;              // of the next call, while it is waited for
  std::shared_ptr<UnderWay> under_way_;  // shared with the thread
};

// Over a route, which lives as long as the call, and so does what it needs besides.
Redial::Call calls_over(std::shared_ptr<Route> route, std::shared_ptr<const void> needed);

}  // namespace talk
