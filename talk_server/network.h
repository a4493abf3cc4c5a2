// Ranges of IP addresses, as who may come is written: "10.0.0.0/8", "2001:db8::/32", "::1". Pure.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

namespace talk {

class Network {
 public:
  // ADDRESS or ADDRESS/BITS; bits of the address beyond BITS do not count. IPv4 written through
  // IPv6 (::ffff:10.0.0.0/104) is the IPv4 network. Nothing where it is neither.
  static std::optional<Network> parse(const std::string& text);

  // `ip` as Address has it; a zone ("%eth0") does not count. False for what is no IP address.
  bool holds(const std::string& ip) const;

 private:
  friend std::string host_of(const std::string& ip);

  struct Bytes {
    std::array<std::uint8_t, 16> all{};
    unsigned count = 0;  // 4 or 16
  };
  static std::optional<Bytes> read(const std::string& text);

  Network(const Bytes& address, unsigned bits) : address_(address), bits_(bits) {}

  Bytes address_;
  unsigned bits_;
};

// What counts as one host where sessions are counted: an IPv6 address is one of the 2^64 that any
// customer of a provider has, so its /64 stands for it.
std::string host_of(const std::string& ip);

}  // namespace talk
