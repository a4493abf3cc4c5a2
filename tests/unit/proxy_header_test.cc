#include "common/wire/proxy_header.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace talk {
namespace {

using namespace std::string_literals;

const std::string kSignature = "\r\n\r\n\0\r\nQUIT\n"s;

std::string block(char command, char family, const std::string& rest) {
  return kSignature + command + family + static_cast<char>(rest.size() >> 8) +
         static_cast<char>(rest.size() & 0xFF) + rest;
}

const std::string kFour = "\xC0\x00\x02\x01\xC6\x33\x64\x07\xDC\x04\x01\xBB"s;
const std::string kSix = "\x20\x01\x0D\xB8"s + std::string(11, '\0') + "\x01" + "\x20\x01\x0D\xB8" +
                         std::string(11, '\0') + "\x02" + "\xDC\x04\x01\xBB";
const std::string kMapped = std::string(10, '\0') + "\xFF\xFF\xC0\x00\x02\x01"s +
                            std::string(10, '\0') + "\xFF\xFF\xC6\x33\x64\x07"s +
                            "\xDC\x04\x01\xBB";

// Reads `bytes` as a connection's beginning: "SOURCE DESTINATION", "own", "more", or what is wrong;
// and what is left for the visitor's protocol.
std::string read(const std::string& bytes) {
  try {
    std::size_t size = 0;
    while (const std::size_t wanted = proxy_bytes_wanted(std::string_view(bytes).substr(0, size))) {
      if (size == bytes.size()) return "more";
      size = std::min(size + wanted, bytes.size());
    }
    const auto ends = read_proxy_header(std::string_view(bytes).substr(0, size)).ends;
    const std::string rest = bytes.substr(size);
    if (!ends) return "own|" + rest;
    return to_text(ends->source) + " " + to_text(ends->destination) + "|" + rest;
  } catch (const ProxyError& error) {
    return error.what();
  }
}

const std::vector<std::pair<std::string, std::string>> kWhole = {
    {"PROXY TCP4 192.0.2.1 198.51.100.7 56324 443\r\nhi", "192.0.2.1:56324 198.51.100.7:443|hi"},
    {"PROXY TCP6 2001:db8::1 2001:db8::2 56324 443\r\nhi",
     "[2001:db8::1]:56324 [2001:db8::2]:443|hi"},
    {"PROXY TCP6 ::ffff:192.0.2.1 ::1 1 2\r\n", "192.0.2.1:1 [::1]:2|"},
    {"PROXY UNKNOWN\r\nhi", "own|hi"},
    {"PROXY UNKNOWN ffff::1 ffff::2 65535 65535\r\nhi", "own|hi"},
    {block('\x21', '\x11', kFour) + "hi", "192.0.2.1:56324 198.51.100.7:443|hi"},
    {block('\x21', '\x21', kSix) + "hi", "[2001:db8::1]:56324 [2001:db8::2]:443|hi"},
    {block('\x21', '\x21', kMapped), "192.0.2.1:56324 198.51.100.7:443|"},
    {block('\x21', '\x11', kFour + "\x04\x00\x02xx"s) + "hi",
     "192.0.2.1:56324 198.51.100.7:443|hi"},
    {block('\x20', '\x00', "") + "hi", "own|hi"},
    {block('\x20', '\x11', kFour) + "hi", "own|hi"},
    {block('\x21', '\x00', "tlv") + "hi", "own|hi"},
    {block('\x21', '\x31', std::string(216, 'p')) + "hi", "own|hi"},
    {block('\x21', '\x11', kFour + std::string(65000, 't')) + "hi",
     "192.0.2.1:56324 198.51.100.7:443|hi"},
};

TEST(ProxyHeader, SaysForWhomTheConnectionIs) {
  for (const auto& [bytes, meaning] : kWhole) EXPECT_EQ(read(bytes), meaning) << bytes;
}

TEST(ProxyHeader, EachBeginningIsWaitedFor) {
  for (const auto& [bytes, meaning] : kWhole) {
    const std::size_t visitor = meaning.size() - meaning.find('|') - 1;
    for (std::size_t size = 0; size < std::min<std::size_t>(bytes.size() - visitor, 300); ++size)
      EXPECT_EQ(read(bytes.substr(0, size)), "more") << bytes << " at " << size;
  }
}

TEST(ProxyHeader, WhatIsWrongIsRefusedAtOnce) {
  const std::string no_header = "it did not begin with a PROXY header";
  const std::string kind = "its PROXY line is not of a kind that is known";
  const std::string no_address = "its PROXY line has no address where one belongs";
  const std::string no_port = "its PROXY line has no port where one belongs";
  const std::vector<std::pair<std::string, std::string>> kTable = {
      {"GET / HTTP/1.1\r\n", no_header},
      {"TALK/1 name=alice\r\n", no_header},
      {"PROXX", no_header},
      {"proxy TCP4", no_header},
      {"\r\n\r\n\r", no_header},
      {"PROXY TCP4 1.2.3.4 1.2.3.5 1 2\n", "its PROXY line does not end in CR LF"},
      {"PROXY UDP4 1.2.3.4 1.2.3.5 1 2\r\n", kind},
      {"PROXY TCP4 1.2.3.4 1.2.3.5 1\r\n", kind},
      {"PROXY TCP4 1.2.3.4 1.2.3.5 1 2 3\r\n", kind},
      {"PROXY TCP4  1.2.3.4 1.2.3.5 1 2\r\n", kind},
      {"PROXY TCP4 1.2.3.4.5 1.2.3.5 1 2\r\n", no_address},
      {"PROXY TCP4 1.2.3.4\0evil 1.2.3.5 1 2\r\n"s, no_address},
      {"PROXY TCP4 ::1 ::1 1 2\r\nxxxxxxx", no_address},
      {"PROXY TCP6 1.2.3.4 1.2.3.5 1 2\r\n", no_address},
      {"PROXY TCP4 1.2.3.4 1.2.3.5 65536 2\r\n", no_port},
      {"PROXY TCP4 1.2.3.4 1.2.3.5 -1 2\r\n", no_port},
      {"PROXY TCP4 " + std::string(200, '1'), "its PROXY line has no end"},
      {kSignature + "\x11\x11\x00\x0C"s, "its PROXY header is of an unknown version"},
      {block('\x22', '\x11', kFour), "its PROXY header has an unknown command"},
      {block('\x21', '\x12', kFour), "its PROXY header is of an unknown family"},
      {block('\x21', '\x41', kFour), "its PROXY header is of an unknown family"},
      {block('\x21', '\x11', kFour.substr(1)), "its PROXY header is too short for its addresses"},
      {block('\x21', '\x21', kFour), "its PROXY header is too short for its addresses"},
  };
  for (const auto& [bytes, error] : kTable) EXPECT_EQ(read(bytes), error) << bytes;
}

}  // namespace
}  // namespace talk
