// The links of one talk, one after the other: whether there is one, since when there is none and
// why, and whether the peer has answered over it. Pure. What a lost link means for the talk is
// decided in ending.h.
//
//             lost, dropped           called             greeted                proved
//   up ─────────────────────► none ──────────► unanswered ──────► up, unproved ────────► up
//                              ▲                   │
//                              └───────────────────┘ dropped
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "common/posix/clock.h"

namespace talk {

class LinkState {
 public:
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
  void called() { stage_ = Stage::unanswered; }
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
};

}  // namespace talk
