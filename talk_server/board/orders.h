// What sessions are asked to do from the board or a script, and what came of it. Nobody is waited
// for longer than a second; what a session that stands still was asked may be done when it wakes.
#pragma once

#include <cstdint>
#include <list>
#include <string>
#include <vector>

#include "common/desk/control_client.h"
#include "common/desk/report.h"
#include "common/posix/clock.h"
#include "common/posix/wait_set.h"

namespace talk {

struct OrderResult {
  enum class Kind {
    done,
    left,        // the talk has ended: there is nobody to say it to
    refused,     // `reason`
    unanswered,  // it does not answer
    gone,        // no such session
  };
  std::uint64_t number = 0;
  Kind kind = Kind::done;
  std::string reason = {};
  std::optional<TmuxPane> in_tmux = {};      // the window to be raised there
  std::optional<std::uint32_t> window = {};  // of an X display, to be raised
};

// "there is no session 3"; empty for what was done.
std::string problem_text(const OrderResult& result);

class Orders {
 public:
  explicit Orders(std::string directory) : directory_(std::move(directory)) {}

  // `request`: "say TEXT", "close REASON", "raise".
  void give(std::uint64_t number, const std::string& request, Time now);

  void prepare(WaitSet& wait) const;
  void turn(const WaitSet& wait, Time now);
  // Those that were decided since.
  std::vector<OrderResult> take_results();
  bool idle() const { return pending_.empty() && results_.empty(); }

 private:
  struct Pending {
    std::uint64_t number;
    ControlClient client;
    Time deadline;
  };

  std::string directory_;
  std::list<Pending> pending_;
  std::vector<OrderResult> results_;
};

}  // namespace talk
