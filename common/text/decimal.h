// Whole numbers as people and programs write them: decimal digits and nothing else.
#pragma once

#include <charconv>
#include <concepts>
#include <optional>
#include <string_view>

namespace talk {

// The number that `text` is as a whole; a signed type takes a minus before the digits. Nothing for
// an empty text, a plus, blanks, other bytes, or a number that the type cannot hold.
template <std::integral T>
std::optional<T> decimal(std::string_view text) {
  T value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end) return std::nullopt;
  return value;
}

}  // namespace talk
