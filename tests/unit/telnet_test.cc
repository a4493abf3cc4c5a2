#include "common/wire/telnet.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <utility>
#include <vector>

namespace talk {
namespace {

using std::string_literals::operator""s;

const std::vector<std::pair<std::string, std::string>> kCases = {
    {"plain", "plain"},
    {"a\xff\xff"
     "b",
     "a\xff"
     "b"},  // IAC IAC
    {"a\xff\xfb\x01"
     "b",
     "ab"},  // WILL ECHO
    {"a\xff\xfd\x03\xff\xfe\x18"
     "b",
     "ab"},  // DO, DONT
    {"a\xff\xfa\x18\x01xterm\xff\xf0"
     "b",
     "ab"},  // subnegotiation
    {"a\xff\xfa\x18\xff\xff\xf0\xff\xf0"
     "b",
     "ab"},  // IAC IAC inside one
    {"a\xff\xf1"
     "b",
     "ab"},  // NOP
    {"a\xff\xfb\xff"
     "b",
     "ab"},                  // an option of 255
    {"a\r\0b"s, "a\r\0b"s},  // the line reader's business
};

TEST(Telnet, NegotiationIsTakenOutInAnyPieces) {
  for (const auto& [bytes, expected] : kCases) {
    for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
      TelnetFilter telnet;
      std::string out = telnet.filter(bytes.substr(0, cut));
      out += telnet.filter(bytes.substr(cut));
      EXPECT_EQ(out, expected) << cut;
    }
  }
}

// A telnet that was interrupted (^C) shows nothing until its mark comes back.
TEST(Telnet, ATimingMarkIsAnswered) {
  TelnetFilter telnet;
  EXPECT_EQ(telnet.filter("a\xff\xf4\xff\xfd"), "a");
  EXPECT_EQ(telnet.take_answer(), "");
  EXPECT_EQ(telnet.filter("\x06"
                          "b\xff\xfd\x01\xff\xfb\x06"),
            "b");
  EXPECT_EQ(telnet.take_answer(), "\xff\xfb\x06");
  EXPECT_EQ(telnet.take_answer(), "");
}

TEST(Telnet, RandomBytesNeverGrow) {
  std::mt19937 random(5);
  std::uniform_int_distribution<int> byte(240, 255);
  TelnetFilter telnet;
  for (int round = 0; round < 2000; ++round) {
    std::string bytes(50, '\0');
    for (char& c : bytes) c = static_cast<char>(byte(random));
    EXPECT_LE(telnet.filter(bytes).size(), bytes.size());
  }
}

// A store's value may hold the byte 255; a request begins with a word.
TEST(SkipTelnet, TakesOffOnlyWhatStandsBeforeARequest) {
  TelnetFilter filter;
  EXPECT_EQ(skip_telnet(filter, "\xff\xfb\x1fget 1\xff\xfd\x01"), "get 1\xff\xfd\x01");
  EXPECT_EQ(skip_telnet(filter, "\xff"), "");  // in pieces
  EXPECT_EQ(skip_telnet(filter, "\xfd"), "");
  EXPECT_EQ(skip_telnet(filter,
                        "\x06"
                        "del 2"),
            "del 2");
  EXPECT_EQ(filter.take_answer(), "\xff\xfb\x06");
}

}  // namespace
}  // namespace talk
