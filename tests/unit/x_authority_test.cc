// The file of cookies, as xauth writes it: what is short, foreign or for another display is no
// cookie.
#include "talk_server/window/x_authority.h"

#include <gtest/gtest.h>

namespace talk {
namespace {

std::string field(const std::string& text) {
  return std::string{static_cast<char>(text.size() >> 8), static_cast<char>(text.size())} + text;
}

std::string line(const std::string& display, const std::string& name, const std::string& data) {
  return std::string("\x01\x00", 2) + field("host") + field(display) + field(name) + field(data);
}

constexpr const char* kCookie = "MIT-MAGIC-COOKIE-1";

TEST(XAuthority, IsTheDisplaysCookie) {
  const std::string content = line("1", kCookie, "one") + line("0", "XDM-AUTHORIZATION-1", "no") +
                              line("0", kCookie, "zero");
  EXPECT_EQ(find_x_authority(content, "0").data, "zero");
  EXPECT_EQ(find_x_authority(content, "1").data, "one");
  EXPECT_EQ(find_x_authority(content, "1").name, kCookie);
  EXPECT_EQ(find_x_authority(content, "2").name, "");
  EXPECT_EQ(find_x_authority(line("", kCookie, "any"), "7").data, "any");
}

TEST(XAuthority, WhatIsCutShortIsNone) {
  const std::string content = line("0", kCookie, "zero");
  for (std::size_t size = 0; size < content.size(); ++size)
    EXPECT_EQ(find_x_authority(content.substr(0, size), "0").name, "") << size;
}

}  // namespace
}  // namespace talk
