#include "talk_server/network.h"

#include <arpa/inet.h>

#include <algorithm>

#include "common/text/decimal.h"

namespace talk {
namespace {

constexpr std::array<std::uint8_t, 12> kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
constexpr unsigned kHostBits = 64;

}  // namespace

std::optional<Network::Bytes> Network::read(const std::string& text) {
  Bytes bytes;
  if (::inet_pton(AF_INET, text.c_str(), bytes.all.data()) == 1)
    bytes.count = 4;
  else if (::inet_pton(AF_INET6, text.c_str(), bytes.all.data()) == 1)
    bytes.count = 16;
  else
    return std::nullopt;
  return bytes;
}

std::optional<Network> Network::parse(const std::string& text) {
  const std::size_t slash = text.find('/');
  std::optional<Bytes> address = read(text.substr(0, slash));
  if (!address) return std::nullopt;
  unsigned bits = address->count * 8;
  if (slash != std::string::npos) {
    const auto given = decimal<unsigned>(text.substr(slash + 1));
    if (!given || *given > bits) return std::nullopt;
    bits = *given;
  }
  const bool mapped = std::equal(kMapped.begin(), kMapped.end(), address->all.begin());
  if (address->count == 16 && mapped && bits >= kMapped.size() * 8) {
    std::copy(address->all.begin() + kMapped.size(), address->all.end(), address->all.begin());
    address->count = 4;
    bits -= static_cast<unsigned>(kMapped.size()) * 8;
  }
  return Network(*address, bits);
}

bool Network::holds(const std::string& ip) const {
  const std::optional<Bytes> other = read(ip.substr(0, ip.find('%')));
  if (!other || other->count != address_.count) return false;
  for (unsigned bit = 0; bit < bits_; ++bit) {
    const std::uint8_t mask = static_cast<std::uint8_t>(0x80u >> (bit % 8));
    if (((address_.all[bit / 8] ^ other->all[bit / 8]) & mask) != 0) return false;
  }
  return true;
}

std::string host_of(const std::string& ip) {
  const std::size_t zone = std::min(ip.find('%'), ip.size());
  std::optional<Network::Bytes> bytes = Network::read(ip.substr(0, zone));
  if (!bytes || bytes->count == 4) return ip;
  std::fill(bytes->all.begin() + kHostBits / 8, bytes->all.end(), std::uint8_t{0});
  std::array<char, INET6_ADDRSTRLEN> text{};
  ::inet_ntop(AF_INET6, bytes->all.data(), text.data(), text.size());
  return text.data() + ip.substr(zone) + "/64";
}

}  // namespace talk
