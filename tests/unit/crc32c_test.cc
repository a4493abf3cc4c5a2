#include "common/files/crc32c.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>

namespace talk {
namespace {

std::string noise(std::size_t count) {
  std::mt19937 random(7);
  std::string bytes(count, '\0');
  std::generate(bytes.begin(), bytes.end(), [&] { return static_cast<char>(random()); });
  return bytes;
}

// RFC 3720, appendix B.4, and the check value of the CRC catalogue.
TEST(Crc32cTest, KnownVectors) {
  std::string rising(32, '\0');
  for (std::size_t i = 0; i < 32; ++i) rising[i] = static_cast<char>(i);
  const std::string falling(rising.rbegin(), rising.rend());
  for (const auto function : {crc32c, crc32c_portable, crc32c_hardware}) {
    if (function == crc32c_hardware && !has_crc32c_hardware()) continue;
    EXPECT_EQ(function(0, ""), 0u);
    EXPECT_EQ(function(0, "123456789"), 0xe3069283u);
    EXPECT_EQ(function(0, std::string(32, '\0')), 0x8a9136aau);
    EXPECT_EQ(function(0, std::string(32, '\xff')), 0x62a8ab43u);
    EXPECT_EQ(function(0, rising), 0x46dd794eu);
    EXPECT_EQ(function(0, falling), 0x113fdb5cu);
  }
}

TEST(Crc32cTest, TheTwinsAgreeAtEveryLengthAndAlignment) {
  if (!has_crc32c_hardware()) GTEST_SKIP() << "this processor has no such instruction";
  const std::string bytes = noise(40'000);
  const std::string_view all = bytes;
  for (std::size_t begin = 0; begin < 9; ++begin)
    for (const std::size_t count : {0U, 1U, 7U, 8U, 9U, 255U, 256U, 767U, 768U, 769U, 1'536U,
                                    4'095U, 12'287U, 12'288U, 12'289U, 13'056U, 24'576U, 39'000U}) {
      const std::string_view part = all.substr(begin, count);
      EXPECT_EQ(crc32c_hardware(123, part), crc32c_portable(123, part)) << begin << " " << count;
    }
}

TEST(Crc32cTest, PartsJoinToTheWhole) {
  const std::string bytes = noise(20'000);
  const std::string_view all = bytes;
  const std::uint32_t whole = crc32c(0, all);
  for (const std::size_t cut : {std::size_t{0}, std::size_t{1}, std::size_t{9'999}, all.size()}) {
    const std::string_view first = all.substr(0, cut);
    const std::string_view second = all.substr(cut);
    EXPECT_EQ(crc32c(crc32c(0, first), second), whole) << cut;
    EXPECT_EQ(crc32c_joined(crc32c(0, first), crc32c(0, second), second.size()), whole) << cut;
  }
}

// A long second part without its bytes: zeros, whose checksum can be had by doubling.
TEST(Crc32cTest, JoinsBeyondFourGibibytes) {
  std::uint32_t zeros = crc32c(0, std::string(1 << 20, '\0'));
  std::uint64_t size = 1 << 20;
  for (; size < std::uint64_t{1} << 36; size *= 2) zeros = crc32c_joined(zeros, zeros, size);
  const std::uint32_t head = crc32c(0, "head");
  const std::uint32_t in_two = crc32c_joined(crc32c_joined(head, zeros, size), zeros, size);
  EXPECT_EQ(in_two, crc32c_joined(head, crc32c_joined(zeros, zeros, size), 2 * size));
}

}  // namespace
}  // namespace talk
