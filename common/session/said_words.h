// What this side has said in a talk, and how much of it is known to have come through: by the
// peer's own word where it gives one, else by the answer to a ping that went out behind it. Pure.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string_view>
#include <utility>

#include "common/session/read_proof.h"
#include "common/session/unheard_words.h"

namespace talk {

class SaidWords {
 public:
  // Whether the peer says what it has heard: then words are kept until it does.
  void set_acknowledged(bool acknowledged) { acknowledged_ = acknowledged; }
  bool acknowledged() const { return acknowledged_; }

  void said(UnheardWords::Word word) {
    if (acknowledged_)
      unheard_.said(std::move(word));
    else
      ++unacknowledged_;
  }
  // Texts and notices: since the talk began where they are acknowledged, else on this link.
  std::uint64_t count() const { return acknowledged_ ? unheard_.said_so_far() : unacknowledged_; }

  // By the peer's own word (unheard_words.h).
  [[nodiscard]] bool heard(std::uint64_t count) { return unheard_.heard(count); }
  bool could_be_heard(std::uint64_t count) const { return unheard_.could_be_heard(count); }
  bool all_heard() const { return unheard_.empty(); }
  bool unheard_of_the_person() const { return unheard_.texts() > 0; }
  bool has_room() const { return unheard_.has_room(); }
  const std::deque<UnheardWords::Word>& unheard() const { return unheard_.words(); }

  // By pings (read_proof.h).
  bool wants_ping() const { return proof_.wants_ping(count()); }
  void pinged(std::string_view payload) { proof_.pinged(payload, count()); }
  void pong(std::string_view payload, Time now) { proof_.pong(payload, now); }
  // Some were said to a peer that says nothing of what it has heard, and that is not known to have
  // read them: it may have thrown them away.
  bool in_doubt() const { return !acknowledged_ && unacknowledged_ > proof_.read(); }
  // Since when the peer has read words of which it does not say that it has heard them.
  std::optional<Time> ignored_since() const {
    return proof_.ignored_since(unheard_.heard_so_far());
  }

  // What was read over the last link says nothing of this one.
  void new_link() {
    proof_ = {};
    unacknowledged_ = 0;
  }
  // Another talk begins: gives up what was not heard of the last, and counts from nothing.
  std::deque<UnheardWords::Word> start_over() { return unheard_.start_over(); }

 private:
  bool acknowledged_ = false;
  UnheardWords unheard_;
  std::uint64_t unacknowledged_ = 0;  // said to a peer that does not say what it has heard
  ReadProof proof_;
};

}  // namespace talk
