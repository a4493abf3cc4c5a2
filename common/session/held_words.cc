#include "common/session/held_words.h"

#include <algorithm>

#include "common/wire/limits.h"

namespace talk {

std::size_t HeldWords::words() const {
  return static_cast<std::size_t>(std::count_if(items_.begin(), items_.end(), [](const Item& item) {
    return std::holds_alternative<Text>(item);
  }));
}

std::optional<HeldWords::Item> HeldWords::take(bool spaced, Time now) {
  if (items_.empty()) return std::nullopt;
  if (spaced && next_ && now < *next_) return std::nullopt;
  Item item = std::move(items_.front());
  items_.pop_front();
  next_.reset();
  if (std::holds_alternative<Text>(item)) {
    // Who typed expects an answer to each line; what was poured in just has to arrive.
    const bool poured = ++released_ >= kMost;
    if (!poured) next_ = now + kKeptLineSpacing;
  }
  return item;
}

}  // namespace talk
