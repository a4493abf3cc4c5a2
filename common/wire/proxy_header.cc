#include "common/wire/proxy_header.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "common/text/decimal.h"

namespace talk {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kFirst = "PROXY ";
constexpr std::string_view kShortest = "PROXY UNKNOWN\r\n";
constexpr std::size_t kLongestLine = 107;  // with its CR LF
constexpr std::string_view kSignature = "\r\n\r\n\0\r\nQUIT\n"sv;
constexpr std::size_t kFixed = 16;  // of version 2: the signature, what it is, how long the rest is

bool agree(std::string_view begun, std::string_view wanted) {
  const std::size_t size = std::min(begun.size(), wanted.size());
  return begun.substr(0, size) == wanted.substr(0, size);
}

std::uint16_t big_endian(std::string_view two) {
  return static_cast<std::uint16_t>((static_cast<unsigned char>(two[0]) << 8) |
                                    static_cast<unsigned char>(two[1]));
}

std::size_t line_bytes_wanted(std::string_view begun) {
  const std::size_t feed = begun.find('\n');
  if (feed != std::string_view::npos) return 0;
  if (begun.size() >= kLongestLine) throw ProxyError("its PROXY line has no end");
  return begun.size() < kShortest.size() ? kShortest.size() - begun.size() : 1;
}

// Version 1.

std::vector<std::string_view> split(std::string_view line) {
  std::vector<std::string_view> words;
  std::size_t start = 0;
  for (std::size_t end; (end = line.find(' ', start)) != std::string_view::npos; start = end + 1)
    words.push_back(line.substr(start, end - start));
  words.push_back(line.substr(start));
  return words;
}

Address read_address(int family, const std::string& ip, std::string_view port) {
  const auto number = decimal<std::uint16_t>(port);
  if (!number) throw ProxyError("its PROXY line has no port where one belongs");
  in6_addr raw{};  // has room for both
  if (ip.find('\0') != std::string::npos || ::inet_pton(family, ip.c_str(), &raw) != 1)
    throw ProxyError("its PROXY line has no address where one belongs");
  return address_of(family, &raw, *number);
}

ProxyHeader read_line(std::string_view line) {
  if (!line.ends_with("\r\n")) throw ProxyError("its PROXY line does not end in CR LF");
  line.remove_suffix(2);
  const std::vector<std::string_view> words = split(line);
  if (words.size() >= 2 && words[1] == "UNKNOWN") return {};
  if (words.size() != 6 || (words[1] != "TCP6" && words[1] != "TCP4"))
    throw ProxyError("its PROXY line is not of a kind that is known");
  const int family = words[1] == "TCP6" ? AF_INET6 : AF_INET;
  return {ProxyHeader::Ends{read_address(family, std::string(words[2]), words[4]),
                            read_address(family, std::string(words[3]), words[5])}};
}

// Version 2.

constexpr unsigned kVersion2 = 2;
constexpr unsigned kLocal = 0;
constexpr unsigned kProxy = 1;
enum Family : unsigned { unspecified = 0x00, tcp_v4 = 0x11, tcp_v6 = 0x21, unix_stream = 0x31 };

ProxyHeader::Ends read_ends(std::string_view rest, int family) {
  const std::size_t size = family == AF_INET6 ? sizeof(in6_addr) : sizeof(in_addr);
  if (rest.size() < 2 * size + 4)
    throw ProxyError("its PROXY header is too short for its addresses");
  const std::string_view ports = rest.substr(2 * size);
  return {address_of(family, rest.data(), big_endian(ports)),
          address_of(family, rest.data() + size, big_endian(ports.substr(2)))};
}

// What follows the addresses (TLVs) is of no use here.
ProxyHeader read_block(std::string_view header) {
  const unsigned command = static_cast<unsigned char>(header[12]) & 0x0Fu;
  const unsigned family = static_cast<unsigned char>(header[13]);
  const std::string_view rest = header.substr(kFixed);
  if (command == kLocal) return {};
  if (command != kProxy) throw ProxyError("its PROXY header has an unknown command");
  switch (family) {
    case tcp_v4:
      return {read_ends(rest, AF_INET)};
    case tcp_v6:
      return {read_ends(rest, AF_INET6)};
    case unspecified:
    case unix_stream:
      return {};
    default:
      throw ProxyError("its PROXY header is of an unknown family");
  }
}

}  // namespace

std::size_t proxy_bytes_wanted(std::string_view begun) {
  if (agree(begun, kFirst)) return line_bytes_wanted(begun);
  if (!agree(begun, kSignature)) throw ProxyError("it did not begin with a PROXY header");
  if (begun.size() < kFixed) return kFixed - begun.size();
  if (static_cast<unsigned char>(begun[12]) >> 4 != kVersion2)
    throw ProxyError("its PROXY header is of an unknown version");
  const std::size_t whole = kFixed + big_endian(begun.substr(14));
  return whole - std::min(whole, begun.size());
}

ProxyHeader read_proxy_header(std::string_view header) {
  return header.starts_with(kFirst) ? read_line(header) : read_block(header);
}

}  // namespace talk
