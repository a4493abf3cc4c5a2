// How many of the peer's texts and notices were taken in and shown, and when to say so: at once
// where nothing was said of it for a while, else so that a flood of words costs few answers. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "common/posix/clock.h"

namespace talk {

class HeardWords {
 public:
  static constexpr milliseconds kPause{50};  // between two answers
  // Who pours words in is not to wait for the answer of a pause.
  static constexpr std::size_t kMuch = std::size_t{128} << 10;  // bytes

  void heard(std::size_t bytes) {
    ++count_;
    unsaid_bytes_ += bytes;
  }
  std::uint64_t count() const { return count_; }
  bool owes() const { return count_ > said_; }

  // When it is to be said; nothing where all was.
  std::optional<Time> deadline() const {
    if (!owes()) return std::nullopt;
    return unsaid_bytes_ >= kMuch ? Time{} : next_;
  }
  bool due(Time now) const { return owes() && now >= *deadline(); }
  // It is said now, in whatever way.
  std::uint64_t say(Time now) {
    said_ = count_;
    unsaid_bytes_ = 0;
    next_ = now + kPause;
    return count_;
  }

  void start_over() { *this = {}; }

 private:
  std::uint64_t count_ = 0;
  std::uint64_t said_ = 0;
  std::size_t unsaid_bytes_ = 0;
  Time next_{};
};

}  // namespace talk
