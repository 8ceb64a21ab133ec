#include "net/address.h"

#include <gtest/gtest.h>

namespace strongroom::net {
namespace {

IpAddress Ip(std::string_view text) { return IpAddress::Parse(text).value(); }

TEST(IpAddress, ReadsWhatItWrites) {
  for (const char* text : {"0.0.0.0", "127.0.0.1", "255.255.255.255", "::", "::1", "2001:db8::1",
                           "::ffff:127.0.0.1", "fe80::1:2:3:4"})
    EXPECT_EQ(Ip(text).ToString(), text);
}

TEST(IpAddress, KeepsTheFamilyOfMappedAddresses) {
  EXPECT_TRUE(Ip("10.0.0.1").is_v4());
  EXPECT_FALSE(Ip("::ffff:10.0.0.1").is_v4());
  EXPECT_NE(Ip("10.0.0.1"), Ip("::ffff:10.0.0.1"));
}

TEST(IpAddress, RefusesOtherSpellings) {
  for (const std::string_view text :
       {"", "1", "1.2.3", "1.2.3.4.5", "01.2.3.4", "1.2.3.256", "0x7f.0.0.1", " 1.2.3.4",
        "1.2.3.4 ", "fe80::1%eth0", "[::1]", ":::", "::1::", "12345::", "localhost"})
    EXPECT_FALSE(IpAddress::Parse(text).ok()) << text;
  EXPECT_FALSE(IpAddress::Parse(std::string_view("1.2.3.4\0", 8)).ok());
}

TEST(Cidr, ContainsItsNetworkAndNothingElse) {
  const Cidr ten = Cidr::Parse("10.0.0.0/8").value();
  EXPECT_TRUE(ten.Contains(Ip("10.255.255.255")));
  EXPECT_FALSE(ten.Contains(Ip("11.0.0.0")));
  EXPECT_FALSE(ten.Contains(Ip("::ffff:10.0.0.1")));
  const Cidr odd = Cidr::Parse("192.168.4.0/23").value();
  EXPECT_TRUE(odd.Contains(Ip("192.168.5.255")));
  EXPECT_FALSE(odd.Contains(Ip("192.168.6.0")));
  EXPECT_TRUE(Cidr::Parse("::/0").value().Contains(Ip("2001:db8::1")));
  EXPECT_TRUE(Cidr::Parse("fd00::/8").value().Contains(Ip("fdff::1")));
  EXPECT_TRUE(Cidr::Parse("1.2.3.4/32").value().Contains(Ip("1.2.3.4")));
  EXPECT_FALSE(Cidr::Parse("1.2.3.4/32").value().Contains(Ip("1.2.3.5")));
}

TEST(Cidr, RefusesWhatIsNoNetwork) {
  for (const char* text : {"10.0.0.0", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/08", "10.0.0.1/8",
                           "10.0.0.0/-1", "10.0.0.0/8 ", "::/129", "/8", "fd00::1/8"})
    EXPECT_FALSE(Cidr::Parse(text).ok()) << text;
}

TEST(IsPublic, Security41_RefusesEveryAddressThatIsNot) {
  for (const char* text :
       {"0.0.0.0",        "0.255.255.255",   "10.1.2.3",    "100.64.0.1",     "100.127.255.255",
        "127.0.0.1",      "169.254.169.254", "172.16.0.1",  "172.31.255.255", "192.0.0.1",
        "192.0.2.1",      "192.88.99.1",     "192.168.0.1", "198.18.0.1",     "198.19.255.255",
        "198.51.100.1",   "203.0.113.9",     "224.0.0.1",   "239.1.1.1",      "240.0.0.1",
        "255.255.255.255"})
    EXPECT_FALSE(IsPublic(Ip(text))) << text;
  for (const char* text :
       {"::", "::1", "::127.0.0.1", "::ffff:8.8.8.8", "64:ff9b::808:808", "64:ff9b:1::1", "100::1",
        "2001::1", "2001:1ff::1", "2001:db8::1", "2002:808:808::1", "3fff:fff::1", "fc00::1",
        "fd00:ec2::254", "fe80::1", "fec0::1", "ff02::1", "5f00::1", "4000::1"})
    EXPECT_FALSE(IsPublic(Ip(text))) << text;
}

TEST(IsPublic, AllowsTheNeighboursOfWhatItRefuses) {
  for (const char* text : {"1.1.1.1",         "9.255.255.255",   "11.0.0.0",
                           "100.63.255.255",  "100.128.0.0",     "126.255.255.255",
                           "128.0.0.0",       "169.253.255.255", "169.255.0.0",
                           "172.15.255.255",  "172.32.0.0",      "192.167.255.255",
                           "192.169.0.0",     "198.17.255.255",  "198.20.0.0",
                           "223.255.255.255", "2001:200::1",     "2001:4860:4860::8888",
                           "2001:db9::1",     "2003::1",         "2606:4700::1111",
                           "3ffe::1"})
    EXPECT_TRUE(IsPublic(Ip(text))) << text;
}

TEST(IsLoopback, IsTheMachineItself) {
  EXPECT_TRUE(IsLoopback(Ip("127.0.0.1")));
  EXPECT_TRUE(IsLoopback(Ip("127.255.255.254")));
  EXPECT_TRUE(IsLoopback(Ip("::1")));
  EXPECT_FALSE(IsLoopback(Ip("::2")));
  EXPECT_FALSE(IsLoopback(Ip("::ffff:127.0.0.1")));
  EXPECT_FALSE(IsLoopback(Ip("128.0.0.1")));
}

}  // namespace
}  // namespace strongroom::net
