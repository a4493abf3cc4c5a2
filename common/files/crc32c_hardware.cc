// CRC-32C by the instruction that SSE 4.2 has for it: 16 GB/s from
// the cache on one x86-64 core, where the portable twin (crc32c.cc) has 1.3.
#include "common/files/crc32c.h"

#if defined(__x86_64__)

#include <nmmintrin.h>

#include <array>
#include <cstddef>
#include <cstring>

#include "common/files/crc32c_algebra.h"

namespace talk {
namespace {

// The instruction has a latency of three cycles and can be started every cycle, so three stretches
// are run side by side and joined with a table made for their length: 5.6 GB/s
// become 16.
class Stretch {
 public:
  explicit Stretch(std::size_t size) : size_(size) {
    const std::uint32_t factor = crc32c_algebra::shift_by(size);
    for (std::size_t k = 0; k < 4; ++k)
      for (std::uint32_t byte = 0; byte < 256; ++byte)
        tables_[k][byte] = crc32c_algebra::product(byte << (8 * k), factor);
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
  std::array<std::array<std::uint32_t, 256>, 4> tables_;
};

}  // namespace

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
  for (; at != end; ++at) rest = _mm_crc32_u8(rest, static_cast<unsigned char>(*at));
  return ~rest;
}

}  // namespace talk

#else

namespace talk {

bool has_crc32c_hardware() { return false; }

std::uint32_t crc32c_hardware(std::uint32_t crc, std::string_view bytes) {
  return crc32c_portable(crc, bytes);
}

}  // namespace talk

#endif
