#include "cel/lib/ip.h"

#include <gtest/gtest.h>

namespace strongroom::cel {
namespace {

Ip Read(std::string_view text) {
  Ip ip;
  EXPECT_EQ(ParseIp(text, ip), "") << text;
  return ip;
}

Cidr ReadNetwork(std::string_view text) {
  Cidr cidr;
  EXPECT_EQ(ParseCidr(text, cidr), "") << text;
  return cidr;
}

TEST(Ip, ReadsAndPrintsInTheCanonicalForm) {
  for (const char* text : {"0.0.0.0", "192.168.0.1", "255.255.255.255", "::", "::1", "2001:db8::68",
                           "fe80::1:0:0:1", "1:2:3:4:5:6:7:8"})
    EXPECT_EQ(Print(Read(text)), text);
  EXPECT_EQ(Print(Read("2001:DB8:0:0::68")), "2001:db8::68");
  EXPECT_EQ(Read("::ffff:c0a8:1"), Read("192.168.0.1"));
}

TEST(Ip, RefusesOtherSpellings) {
  Ip ip;
  for (const char* text :
       {"", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.4 ", " 1.2.3.4", "1", "0x7f.1",
        ":", ":::", "2001:db8:::68", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9",
        "12345::", "::ffff:192.168.0.1", "fe80::1%en0", "[::1]", "1.2.3.4/8"})
    EXPECT_NE(ParseIp(text, ip), "") << text;
  EXPECT_NE(ParseIp(std::string_view("1.2.3.4\0", 8), ip), "");
  EXPECT_NE(ParseIp(std::string(1000, '1'), ip), "");
}

TEST(Cidr, ReadsAndPrints) {
  for (const char* text : {"10.0.0.0/8", "192.168.0.1/24", "0.0.0.0/0", "1.2.3.4/32",
                           "2001:db8::/32", "::/0", "::1/128"})
    EXPECT_EQ(Print(ReadNetwork(text)), text);
}

TEST(Cidr, RefusesOtherSpellings) {
  Cidr cidr;
  for (const char* text : {"", "/", "10.0.0.0", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1",
                           "10.0.0.0/08", "10.0.0.0/8/8", "10.0.0.0/1000", "::/129", "::/+1",
                           "::ffff:192.168.0.1/24", "fe80::1%en0/24"})
    EXPECT_NE(ParseCidr(text, cidr), "") << text;
}

TEST(Cidr, ContainsItsAddressesAndNetworks) {
  const Cidr network = ReadNetwork("192.168.4.0/22");
  EXPECT_TRUE(Contains(network, Read("192.168.7.255")));
  EXPECT_FALSE(Contains(network, Read("192.168.8.0")));
  EXPECT_FALSE(Contains(network, Read("::")));
  EXPECT_TRUE(Contains(ReadNetwork("0.0.0.0/0"), Read("8.8.8.8")));
  EXPECT_FALSE(Contains(ReadNetwork("::/0"), Read("8.8.8.8")));
  EXPECT_TRUE(Contains(network, ReadNetwork("192.168.5.0/24")));
  EXPECT_FALSE(Contains(network, ReadNetwork("192.168.4.0/21")));
  EXPECT_EQ(Print(Cidr{Masked(Read("192.168.7.9"), 22), 22}), "192.168.4.0/22");
  EXPECT_EQ(Print(Masked(Read("2001:db8:ffff::1"), 33)), "2001:db8:8000::");
}

}  // namespace
}  // namespace strongroom::cel
