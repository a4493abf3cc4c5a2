#include "common/files/crc32c.h"

#include <array>
#include <cstddef>
#include <cstring>

#if defined(__x86_64__)
#include <nmmintrin.h>
#define TALK_CRC32C_HARDWARE 1
#endif

namespace talk {
namespace {

constexpr std::uint32_t kPolynomial = 0x82f63b78;  // reflected
constexpr std::uint32_t kOne = 0x80000000;         // the polynomial 1, reflected

using Table = std::array<std::uint32_t, 256>;

constexpr std::uint32_t times_x(std::uint32_t value) {
  return (value & 1) != 0 ? (value >> 1) ^ kPolynomial : value >> 1;
}

// Slicing by 8: tables[k][b] is the effect of byte b with k bytes behind it.
constexpr std::array<Table, 8> make_slices() {
  std::array<Table, 8> tables{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t value = byte;
    for (int bit = 0; bit < 8; ++bit) value = times_x(value);
    tables[0][byte] = value;
  }
  for (std::size_t k = 1; k < 8; ++k)
    for (std::size_t byte = 0; byte < 256; ++byte)
      tables[k][byte] = (tables[k - 1][byte] >> 8) ^ tables[0][tables[k - 1][byte] & 0xff];
  return tables;
}

constexpr std::array<Table, 8> kSlices = make_slices();

std::uint32_t one_byte(std::uint32_t crc, char byte) {
  return (crc >> 8) ^ kSlices[0][(crc ^ static_cast<unsigned char>(byte)) & 0xff];
}

// The product of two polynomials modulo the CRC's.
std::uint32_t product(std::uint32_t a, std::uint32_t b) {
  std::uint32_t result = 0;
  for (std::uint32_t bit = kOne; bit != 0; bit >>= 1) {
    if ((a & bit) != 0) result ^= b;
    b = times_x(b);
  }
  return result;
}

// What multiplies a checksum when `count` bytes follow: x^(8 * count).
std::uint32_t shift_by(std::uint64_t count) {
  std::uint32_t result = kOne;
  std::uint32_t power = kOne >> 8;  // x^8
  for (; count != 0; count >>= 1) {
    if ((count & 1) != 0) result = product(result, power);
    power = product(power, power);
  }
  return result;
}

#ifdef TALK_CRC32C_HARDWARE

// The instruction has a latency of three cycles and can be started every cycle, so three stretches
// are run side by side and joined with a table made for their length.
class Stretch {
 public:
  explicit Stretch(std::size_t size) : size_(size) {
    const std::uint32_t factor = shift_by(size);
    for (std::size_t k = 0; k < 4; ++k)
      for (std::uint32_t byte = 0; byte < 256; ++byte)
        tables_[k][byte] = product(byte << (8 * k), factor);
  }

  __attribute__((target("sse4.2"))) std::uint64_t run(std::uint64_t crc, const char*& at,
                                                      const char* end) const {
    while (static_cast<std::size_t>(end - at) >= 3 * size_) {
      std::uint64_t second = 0;
      std::uint64_t third = 0;
      for (const char* stop = at + size_; at != stop; at += 8) {
        crc = _mm_crc32_u64(crc, word(at));
        second = _mm_crc32_u64(second, word(at + size_));
        third = _mm_crc32_u64(third, word(at + 2 * size_));
      }
      crc = shifted(shifted(crc) ^ second) ^ third;
      at += 2 * size_;
    }
    return crc;
  }

  static std::uint64_t word(const char* at) {
    std::uint64_t value;
    std::memcpy(&value, at, sizeof value);
    return value;
  }

 private:
  std::uint64_t shifted(std::uint64_t crc) const {
    return tables_[0][crc & 0xff] ^ tables_[1][(crc >> 8) & 0xff] ^ tables_[2][(crc >> 16) & 0xff] ^
           tables_[3][(crc >> 24) & 0xff];
  }

  std::size_t size_;
  std::array<Table, 4> tables_;
};

#endif

}  // namespace

std::uint32_t crc32c_portable(std::uint32_t crc, std::string_view bytes) {
  crc = ~crc;
  while (bytes.size() >= 8) {
    const auto at = [&](std::size_t i) {
      return static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i]));
    };
    crc ^= at(0) | (at(1) << 8) | (at(2) << 16) | (at(3) << 24);
    crc = kSlices[7][crc & 0xff] ^ kSlices[6][(crc >> 8) & 0xff] ^ kSlices[5][(crc >> 16) & 0xff] ^
          kSlices[4][crc >> 24] ^ kSlices[3][at(4)] ^ kSlices[2][at(5)] ^ kSlices[1][at(6)] ^
          kSlices[0][at(7)];
    bytes.remove_prefix(8);
  }
  for (const char byte : bytes) crc = one_byte(crc, byte);
  return ~crc;
}

#ifdef TALK_CRC32C_HARDWARE

bool has_crc32c_hardware() { return __builtin_cpu_supports("sse4.2") != 0; }

__attribute__((target("sse4.2"))) std::uint32_t crc32c_hardware(std::uint32_t crc,
                                                                std::string_view bytes) {
  static const Stretch large(4096);
  static const Stretch small(256);
  const char* at = bytes.data();
  const char* const end = at + bytes.size();
  std::uint64_t state = ~crc;
  state = large.run(state, at, end);
  state = small.run(state, at, end);
  for (; end - at >= 8; at += 8) state = _mm_crc32_u64(state, Stretch::word(at));
  auto rest = static_cast<std::uint32_t>(state);
  for (; at != end; ++at) rest = one_byte(rest, *at);
  return ~rest;
}

#else

bool has_crc32c_hardware() { return false; }

std::uint32_t crc32c_hardware(std::uint32_t crc, std::string_view bytes) {
  return crc32c_portable(crc, bytes);
}

#endif

std::uint32_t crc32c(std::uint32_t crc, std::string_view bytes) {
  static const bool hardware = has_crc32c_hardware();
  return hardware ? crc32c_hardware(crc, bytes) : crc32c_portable(crc, bytes);
}

std::uint32_t crc32c_joined(std::uint32_t first, std::uint32_t second, std::uint64_t second_size) {
  return product(shift_by(second_size), first) ^ second;
}

}  // namespace talk
