#include "server/tenant_shares.h"

#include <gtest/gtest.h>

namespace strongroom::server {
namespace {

TEST(TenantShares, AreOfTenantsThatSomebodyWasLetInto) {
  TenantShares shares;
  EXPECT_EQ(shares.Of("Main"), "") << "a name in a header is no share";
  shares.Served("Main");
  EXPECT_EQ(shares.Of("Main"), "Main");
  EXPECT_EQ(shares.Of("main"), "");
  EXPECT_EQ(shares.Of(""), "");
}

TEST(TenantShares, AreNotOfTenantsWhereNothingWasAnswered) {
  TenantShares shares;
  for (const int status : {0, 403, 503}) shares.Answered("made up", status);
  EXPECT_EQ(shares.Of("made up"), "");
  shares.Answered("Main", 200);
  shares.Answered("Other", 400);
  EXPECT_EQ(shares.Of("Main"), "Main");
  EXPECT_EQ(shares.Of("Other"), "Other");
}

TEST(TenantShares, AreBounded) {
  TenantShares shares;
  shares.Served("first");
  for (int i = 0; i < 10000; ++i) shares.Served(std::to_string(i));
  EXPECT_EQ(shares.Of("first"), "") << "forgotten, until it is served again";
  EXPECT_EQ(shares.Of("9999"), "9999");
}

}  // namespace
}  // namespace strongroom::server
