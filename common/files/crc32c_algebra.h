// The arithmetic behind CRC-32C: polynomials over GF(2) modulo the checksum's own, bits reflected.
// Both twins of crc32c() and the joining of two checksums stand on it.
#pragma once

#include <cstdint>

namespace talk::crc32c_algebra {

inline constexpr std::uint32_t kPolynomial = 0x82f63b78;
inline constexpr std::uint32_t kOne = 0x80000000;  // the polynomial 1

constexpr std::uint32_t times_x(std::uint32_t value) {
  return (value & 1) != 0 ? (value >> 1) ^ kPolynomial : value >> 1;
}

// The product of two polynomials modulo the CRC's.
constexpr std::uint32_t product(std::uint32_t a, std::uint32_t b) {
  std::uint32_t result = 0;
  for (std::uint32_t bit = kOne; bit != 0; bit >>= 1) {
    if ((a & bit) != 0) result ^= b;
    b = times_x(b);
  }
  return result;
}

// What multiplies a checksum when `count` bytes follow: x^(8 * count).
constexpr std::uint32_t shift_by(std::uint64_t count) {
  std::uint32_t result = kOne;
  std::uint32_t power = kOne >> 8;  // x^8
  for (; count != 0; count >>= 1) {
    if ((count & 1) != 0) result = product(result, power);
    power = product(power, power);
  }
  return result;
}

}  // namespace talk::crc32c_algebra
