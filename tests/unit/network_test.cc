#include "talk_server/network.h"

#include <gtest/gtest.h>

namespace talk {
namespace {

TEST(Network, HoldsItsAddressesAndNoOthers) {
  struct Row {
    const char* network;
    const char* ip;
    bool held;
  };
  const Row kTable[] = {
      {"10.0.0.7", "10.0.0.7", true},
      {"10.0.0.7", "10.0.0.8", false},
      {"10.0.0.0/8", "10.255.1.2", true},
      {"10.9.9.9/8", "10.255.1.2", true},  // bits beyond the eighth do not count
      {"10.0.0.0/8", "11.0.0.0", false},
      {"192.168.4.0/22", "192.168.7.255", true},
      {"192.168.4.0/22", "192.168.8.0", false},
      {"0.0.0.0/0", "1.2.3.4", true},
      {"0.0.0.0/0", "::1", false},  // the families are told apart
      {"::/0", "2001:db8::1", true},
      {"::/0", "1.2.3.4", false},
      {"2001:db8::/33", "2001:db8:7fff::1", true},
      {"2001:db8::/33", "2001:db8:8000::1", false},
      {"::1", "::1", true},
      {"fe80::/10", "fe80::1%eth0", true},
      {"::ffff:10.0.0.0/104", "10.1.2.3", true},  // IPv4 through IPv6 is IPv4
      {"::ffff:10.0.0.7", "10.0.0.7", true},
      {"::ffff:10.0.0.7", "10.0.0.8", false},
      {"127.0.0.1", "local", false},
  };
  for (const Row& row : kTable) {
    const auto network = Network::parse(row.network);
    ASSERT_TRUE(network) << row.network;
    EXPECT_EQ(network->holds(row.ip), row.held) << row.network << " " << row.ip;
  }
}

TEST(Network, WhatIsNoneIsRefused) {
  for (const char* text :
       {"", "desk", "10.0.0", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "::/129", "10.0.0.0/8/8",
        "fe80::1%eth0", "10.0.0.0/255.0.0.0", " 10.0.0.1"})
    EXPECT_FALSE(Network::parse(text)) << text;
}

TEST(Network, AnIPv6HostIsItsNetworkOf64Bits) {
  EXPECT_EQ(host_of("10.0.0.7"), "10.0.0.7");
  EXPECT_EQ(host_of("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
  EXPECT_EQ(host_of("2001:db8:1:2::"), host_of("2001:db8:1:2:ffff::1"));
  EXPECT_NE(host_of("2001:db8:1:2::1"), host_of("2001:db8:1:3::1"));
  EXPECT_NE(host_of("fe80::1%eth0"), host_of("fe80::1%eth1"));
  EXPECT_EQ(host_of("local"), "local");
}

}  // namespace
}  // namespace talk
