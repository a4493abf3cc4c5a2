// What was typed before it could leave, in the order of typing: the peer has not shown yet what it
// speaks, or it speaks plain lines and each must reach it in a receive of its own.
#pragma once

#include <deque>
#include <optional>
#include <utility>
#include <variant>

#include "common/posix/clock.h"
#include "common/text/command.h"
#include "common/wire/messages.h"

namespace talk {

class HeldWords {
 public:
  using Item = std::variant<Text, Command>;

  void hold(Item item) { items_.push_back(std::move(item)); }
  void hold_first(Item item) { items_.push_front(std::move(item)); }
  bool empty() const { return items_.empty(); }
  bool has_words() const { return words() > 0; }
  std::size_t words() const;  // how many of them
  // Whether more may be typed: each line later costs kKeptLineSpacing.
  bool has_room() const { return items_.size() < kMost; }

  // The next of them, where its time has come. Texts that are `spaced` leave one by one.
  std::optional<Item> take(bool spaced, Time now);
  // When the next may leave that was kept back by the last.
  std::optional<Time> deadline() const { return items_.empty() ? std::nullopt : next_; }

 private:
  static constexpr std::size_t kMost = 100;

  std::deque<Item> items_;
  std::optional<Time> next_;
  std::size_t released_ = 0;  // texts, so far
};

}  // namespace talk
