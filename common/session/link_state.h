// The links of one talk, one after the other: whether there is one, since when there is none and
// why, and whether the peer has answered over it. Pure. What a lost link means for the talk is
// decided in ending.h.
//
//             lost, dropped           called             greeted                proved
//   up ─────────────────────► none ──────────► unanswered ──────► up, unproved ────────► up
//                              ▲                   │
//                              └───────────────────┘ dropped, greeting_due
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "common/posix/clock.h"

namespace talk {

class LinkState {
 public:
  // Whoever is at the other end of a further link should have greeted by then: a balancer or a
  // machine that is going down may take a call and never say a word.
  static constexpr seconds kGreetingTime{10};

  bool exists() const { return stage_ != Stage::none; }
  // Since when the talk is without one that was greeted over; nothing while there is one.
  std::optional<Time> lost_since() const { return lost_since_; }
  // By what the last one was lost; empty while there is one, or where nothing is known.
  const std::string& lost_by() const { return lost_by_; }

  // The talk has lost its link. False where it had none since it lost the last.
  [[nodiscard]] bool lost(std::string reason, Time now) {
    dropped();
    if (lost_since_) return false;
    lost_since_ = now;
    lost_by_ = std::move(reason);
    return true;
  }
  // Whatever was there is of no use.
  void dropped() { stage_ = Stage::none; }
  // A further one is there; who is at its other end is not known yet.
  void called(Time now) {
    stage_ = Stage::unanswered;
    called_at_ = now;
  }
  // When it is to be dropped; nothing where nothing is waited for.
  std::optional<Time> greeting_due() const {
    if (stage_ != Stage::unanswered) return std::nullopt;
    return called_at_ + kGreetingTime;
  }
  // It is the talk's link from now on.
  void greeted() {
    stage_ = Stage::unproved;
    lost_since_.reset();
    lost_by_.clear();
  }
  // The peer has answered over it. True where that is news.
  [[nodiscard]] bool proved() {
    if (stage_ != Stage::unproved) return false;
    stage_ = Stage::up;
    return true;
  }

 private:
  enum class Stage { up, none, unanswered, unproved };
  Stage stage_ = Stage::up;  // the first link needs no proof
  std::optional<Time> lost_since_;
  std::string lost_by_;
  Time called_at_{};
};

}  // namespace talk
