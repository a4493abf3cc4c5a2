// CRC-32C (Castagnoli; RFC 3720, appendix B.4): what decides whether a file arrived as it was sent.
#pragma once

#include <cstdint>
#include <string_view>

namespace talk {

// The checksum of what `crc` stands for followed by `bytes`; 0 stands for nothing.
std::uint32_t crc32c(std::uint32_t crc, std::string_view bytes);

// The checksum of a whole from those of its two parts; the second is `second_size` bytes long.
std::uint32_t crc32c_joined(std::uint32_t first, std::uint32_t second, std::uint64_t second_size);

// The two twins behind crc32c(), to be tested against each other. The hardware one may be called
// only where the processor has it.
bool has_crc32c_hardware();
std::uint32_t crc32c_hardware(std::uint32_t crc, std::string_view bytes);
std::uint32_t crc32c_portable(std::uint32_t crc, std::string_view bytes);

}  // namespace talk
