#include "talk_server/welcome.h"

#include <gtest/gtest.h>

namespace talk {
namespace {

std::string told(const std::string& handler, const std::string& ip,
                 const std::string& machine = "desk") {
  return welcome(handler, {ip, 1234}, machine);
}

TEST(Welcome, NamesThisMachineWhereItListensEverywhere) {
  const char* const kLine = "visitors come with: talk_client desk 1234   or: nc desk 1234";
  EXPECT_EQ(told("talk", "::"), kLine);
  EXPECT_EQ(told("talk", "0.0.0.0"), kLine);
}

TEST(Welcome, NamesTheAddressWhereItListensOnThatAlone) {
  EXPECT_EQ(told("talk", "10.0.0.7"),
            "visitors come with: talk_client 10.0.0.7 1234   or: nc 10.0.0.7 1234");
  for (const std::string ip : {"::1", "127.0.0.1", "127.8.8.8"})
    EXPECT_EQ(told("echo", ip),
              "visitors come with: nc " + ip + " 1234   (from this machine only)");
}

TEST(Welcome, EachServiceHasItsOwnProgram) {
  EXPECT_EQ(told("echo", "::"), "visitors come with: nc desk 1234");
  EXPECT_EQ(told("store", "::"), "visitors come with: nc desk 1234");
  EXPECT_EQ(told("./mine.py", "::"), "visitors come with: nc desk 1234");
  EXPECT_EQ(told("fetch", "::"), "visitors come with: talk_client --get NAME desk 1234");
  EXPECT_EQ(told("accio", "::"), "visitors come with: talk_client --send FILE desk 1234");
  EXPECT_EQ(
      told("upload", "::"),
      "visitors come with: talk_client --raw --send FILE desk 1234   or: nc -N desk 1234 <FILE");
}

TEST(Welcome, AUnixSocketIsNamedByItsPath) {
  const auto at = [](const char* handler, const char* path) {
    return welcome(handler, {"local", 0, path}, "desk");
  };
  EXPECT_EQ(at("talk", "/run/t"), "visitors come with: talk_client unix:/run/t");
  EXPECT_EQ(at("echo", "/run/t"), "visitors come with: nc -U /run/t");
  EXPECT_EQ(at("echo", "/run/a b"), "visitors come with: nc -U PATH");
}

// A name is the administrator's, and may hold whatever bytes it likes.
TEST(Welcome, ANameThatCannotBeTypedIsNone) {
  for (const char* odd : {"", "-h", "a b", "$(id)", "\x1b[2J", "d\xc3\xa9sk"})
    EXPECT_EQ(told("echo", "::", odd), "visitors come with: nc HOST 1234") << odd;
}

}  // namespace
}  // namespace talk
