// Big-endian integers, as TALK/1 has them.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace talk {

template <std::unsigned_integral T>
void put_integer(std::string& out, T value) {
  for (std::size_t shift = sizeof(T) * 8; shift > 0; shift -= 8)
    out.push_back(static_cast<char>((value >> (shift - 8)) & 0xff));
}

// Reads the first sizeof(T) bytes; the caller has checked that they are there.
template <std::unsigned_integral T>
T get_integer(std::string_view bytes) {
  T value = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i)
    value = static_cast<T>((value << 8) | static_cast<unsigned char>(bytes[i]));
  return value;
}

}  // namespace talk
