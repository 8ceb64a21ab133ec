#include "authn/iam/sts_endpoints.h"

#include <gtest/gtest.h>

namespace strongroom::authn::iam {
namespace {

TEST(StsEndpoints, HaveTheHostsOfTheirPartitionsAlone) {
  const auto aws = StsEndpoints::Of({"aws"}).value();
  const auto others = StsEndpoints::Of({"aws-cn", "aws-us-gov"}).value();
  ASSERT_NE(aws.Find("sts.amazonaws.com"), nullptr);
  EXPECT_EQ(aws.Find("sts.amazonaws.com")->region, "us-east-1");
  EXPECT_EQ(aws.Find("sts.eu-west-1.amazonaws.com")->url, "https://sts.eu-west-1.amazonaws.com");
  EXPECT_EQ(aws.Find("sts-fips.us-east-1.amazonaws.com")->region, "us-east-1");
  EXPECT_EQ(aws.Find("sts.cn-north-1.amazonaws.com.cn"), nullptr);
  EXPECT_EQ(aws.Find("sts.us-gov-west-1.amazonaws.com"), nullptr);
  EXPECT_EQ(others.Find("sts.amazonaws.com"), nullptr);
  EXPECT_EQ(others.Find("sts.cn-north-1.amazonaws.com.cn")->partition, "aws-cn");
  EXPECT_EQ(others.Find("sts.us-gov-west-1.amazonaws.com")->partition, "aws-us-gov");
  EXPECT_EQ(others.size(), 4U);
  EXPECT_FALSE(StsEndpoints::Of({"aws-iso"}).ok());
}

TEST(StsEndpoints, KnowNoRegionThatIsNotOnTheList) {
  const auto aws = StsEndpoints::Of({"aws"}).value();
  for (const char* host : {"sts.s3.amazonaws.com", "sts.not-a-region.amazonaws.com",
                           "iam.amazonaws.com", "sts.us-east-1.elb.amazonaws.com", "sts", ""})
    EXPECT_EQ(aws.Find(host), nullptr) << host;
}

TEST(StsEndpoints, TakeAnotherWayToAKnownHostAndVpcEndpoints) {
  auto table = StsEndpoints::Of({"aws"}).value();
  IssuerAccess access;
  access.allow_loopback = true;
  ASSERT_TRUE(table.AddText("sts.eu-west-1.amazonaws.com=https://127.0.0.1:4566", access).ok());
  const StsEndpoint* known = table.Find("sts.eu-west-1.amazonaws.com");
  EXPECT_EQ(known->url, "https://127.0.0.1:4566");
  EXPECT_EQ(known->region, "eu-west-1");
  EXPECT_TRUE(known->access.allow_loopback);
  EXPECT_FALSE(table.Find("sts.eu-west-2.amazonaws.com")->access.allow_loopback);
  const std::string host = "vpce-0a1b.sts.eu-west-2.vpce.amazonaws.com";
  EXPECT_EQ(table.Find(host), nullptr);
  ASSERT_TRUE(table.AddText(host + "=https://" + host, {}).ok());
  EXPECT_EQ(table.Find(host)->region, "eu-west-2");
  EXPECT_EQ(table.Find(host)->partition, "aws");
}

TEST(StsEndpoints, RefuseHostsWithoutARegionAndAddressesThatAreNoHttps) {
  auto table = StsEndpoints::Of({"aws"}).value();
  for (const char* text :
       {"", "sts.eu-west-1.amazonaws.com", "=https://127.0.0.1",
        "sts.eu-west-1.amazonaws.com=http://127.0.0.1", "sts.eu-west-1.amazonaws.com=https://a/b",
        "evil.example=https://evil.example", "sts.eu-west-1.amazonaws.com=",
        "vpce-1.sts.cn-north-1.vpce.amazonaws.com.cn=https://127.0.0.1"})
    EXPECT_FALSE(table.AddText(text, {}).ok()) << text;
}

}  // namespace
}  // namespace strongroom::authn::iam
