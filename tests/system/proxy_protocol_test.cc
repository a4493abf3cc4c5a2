// Behind a balancer: every handler of ours reads the PROXY header first, and believes it.
#include <gtest/gtest.h>

#include "tests/support/peer.h"
#include "tests/support/process.h"
#include "tests/support/temp_dir.h"

namespace talk::test {
namespace {

using namespace std::string_literals;

constexpr const char* kHeader = "PROXY TCP4 192.0.2.1 198.51.100.7 56324 443\r\n";

Server behind_balancer(const std::string& handler, const std::string& directory) {
  return Server({"-t", "none", "-H", handler, "--proxy-protocol", "--allow", "127.0.0.1"},
                directory);
}

TEST(ProxyProtocol, EveryHandlerReadsItFirst) {
  struct Row {
    const char* handler;
    const char* said;
    const char* heard;
  };
  for (const Row& row :
       {Row{"talk", "TALK/1 name=alice\r\n", "TALK/1 pid="}, Row{"echo", "hello\n", "hello\n"},
        Row{"store", "a\n", ""}, Row{"fetch", "missing\n", ""}, Row{"accio", "", "accio"},
        Row{"upload", "content", ""}}) {
    const TempDir dir;
    Server server = behind_balancer(row.handler, dir.path());
    Peer visitor(server.port());
    visitor.send(kHeader + std::string(row.said));
    EXPECT_TRUE(server.logs("session 1 is peer=192.0.2.1:56324\n")) << row.handler << server.log();
    EXPECT_TRUE(visitor.hears(row.heard)) << row.handler;
    EXPECT_EQ(visitor.received().find("PROXY"), std::string::npos);
  }
}

TEST(ProxyProtocol, TheHeaderMayComeInPiecesAndInVersion2) {
  const TempDir dir;
  Server server = behind_balancer("echo", dir.path());
  Peer slow(server.port());
  for (const char c : std::string(kHeader) + "hello\n") slow.send({&c, 1});
  EXPECT_TRUE(slow.hears("hello\n"));
  Peer second(server.port());
  second.send(
      "\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0F\xC0\0\x02\x01\xC6\x33\x64\x07\xDC\x04\x01\xBBtlvhi\n"s);
  EXPECT_TRUE(second.hears("hi\n"));
  EXPECT_TRUE(server.logs("session 2 is peer=192.0.2.1:56324\n"));
  Peer balancer(server.port());  // that only looks whether somebody is there
  balancer.send("\r\n\r\n\0\r\nQUIT\n\x20\0\0\0hi\n"s);
  EXPECT_TRUE(balancer.hears("hi\n"));
  EXPECT_EQ(server.log().find("session 3 is"), std::string::npos);
}

TEST(ProxyProtocol, WhatIsWrongEndsTheSessionWithAReason) {
  const TempDir dir;
  Server server = behind_balancer("echo", dir.path());
  const std::pair<const char*, const char*> kTable[] = {
      {"hello\n this is no header", "it did not begin with a PROXY header"},
      {"PROXY TCP4 1.2.3.4 nonsense 1 2\r\n", "its PROXY line has no address where one belongs"},
      {"PROXY TCP4 1.2.", "no whole PROXY header came within 5 s"},
      {"", "no whole PROXY header came within 5 s"},
  };
  int session = 0;
  for (const auto& [bytes, reason] : kTable) {
    Peer peer(server.port());
    peer.send(bytes);
    EXPECT_TRUE(server.logs("session " + std::to_string(++session) + " ended reason=\"" + reason))
        << server.log();
    EXPECT_TRUE(peer.sees_end());
    EXPECT_EQ(peer.received(), "");
  }
  Peer gone(server.port());
  gone.send("PROXY ");
  gone.half_close();
  EXPECT_TRUE(server.logs("session 5 ended reason=\"it ended within its PROXY header"));
}

TEST(ProxyProtocol, NobodyElseIsBelieved) {
  const TempDir dir;
  Server server({"-H", "echo", "--proxy-protocol", "--allow", "192.0.2.9"}, dir.path());
  Peer forger(server.port());
  forger.send(kHeader);
  EXPECT_TRUE(forger.sees_end());
  EXPECT_TRUE(server.logs("refused peer=127.0.0.1:"));
  EXPECT_EQ(server.log().find("192.0.2.1:"), std::string::npos);
}

}  // namespace
}  // namespace talk::test
