// How much of what was said the peer is known to have read: a ping that goes out behind the words
// comes back when everything before it was read. Where it came back and the peer, which says what
// it has heard, still does not say so of those words, it never will. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/posix/clock.h"

namespace talk {

class ReadProof {
 public:
  // So many words were said before this ping.
  void pinged(std::string_view payload, std::uint64_t said) {
    if (!ping_ && said > read_) ping_ = Ping{std::string(payload), said};
  }
  void pong(std::string_view payload, Time now) {
    if (!ping_ || payload != ping_->payload) return;
    read_ = ping_->said;
    read_at_ = now;
    ping_.reset();
  }

  std::uint64_t read() const { return read_; }
  // Whether a ping would tell more than is known or asked for already.
  bool wants_ping(std::uint64_t said) const { return !ping_ && said > read_; }
  // Since when words were read of which only so many are said to be heard.
  std::optional<Time> ignored_since(std::uint64_t heard) const {
    return heard < read_ ? std::optional(read_at_) : std::nullopt;
  }

 private:
  struct Ping {
    std::string payload;
    std::uint64_t said;
  };
  std::optional<Ping> ping_;
  std::uint64_t read_ = 0;
  Time read_at_{};
};

}  // namespace talk
