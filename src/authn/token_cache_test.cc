// security 1.31, 1.32
#include "authn/token_cache.h"

#include <gtest/gtest.h>

#include "authn/failure_limit.h"

namespace strongroom::authn {
namespace {

using TimePoint = std::chrono::steady_clock::time_point;

crypto::Sha256Digest Hash(int number) { return crypto::Sha256(std::to_string(number)); }

TEST(TokenCache, FindsWhatWasInsertedUntilItIsErased) {
  TokenCache cache(100);
  const auto token = std::make_shared<const CachedToken>();
  EXPECT_EQ(cache.Find(Hash(1)), nullptr);
  cache.Insert(Hash(1), token);
  EXPECT_EQ(cache.Find(Hash(1)), token);
  EXPECT_EQ(cache.Find(Hash(2)), nullptr);
  cache.Erase(Hash(1));
  EXPECT_EQ(cache.Find(Hash(1)), nullptr);
  cache.Erase(Hash(1));
}

TEST(TokenCache, IsBoundedAndForgetsWhatWasNotUsedForLongest) {
  TokenCache cache(160);
  for (int i = 0; i < 10000; ++i) {
    cache.Insert(Hash(i), std::make_shared<const CachedToken>());
    EXPECT_NE(cache.Find(Hash(0)), nullptr) << i;
  }
  EXPECT_EQ(cache.size(), 160U);
  EXPECT_EQ(cache.Find(Hash(1)), nullptr);
}

TEST(TokenCache, OfSizeZeroHoldsNothing) {
  TokenCache cache(0);
  cache.Insert(Hash(1), std::make_shared<const CachedToken>());
  EXPECT_EQ(cache.Find(Hash(1)), nullptr);
}

TEST(FailureLimit, CountsPerSourceAndSecond) {
  FailureLimit limit(3, 100);
  const TimePoint now{std::chrono::seconds(1000)};
  for (int i = 0; i < 3; ++i) {
    EXPECT_FALSE(limit.IsExceeded("a", now));
    limit.Count("a", now);
  }
  EXPECT_TRUE(limit.IsExceeded("a", now + std::chrono::milliseconds(999)));
  EXPECT_FALSE(limit.IsExceeded("b", now));
  EXPECT_FALSE(limit.IsExceeded("a", now + std::chrono::seconds(1)));
}

TEST(FailureLimit, SourcesBeyondTheLimitShareOneCount) {
  FailureLimit limit(3, 2);
  const TimePoint now{std::chrono::seconds(1000)};
  limit.Count("a", now);
  limit.Count("b", now);
  for (int i = 0; i < 3; ++i) limit.Count("source " + std::to_string(i), now);
  EXPECT_TRUE(limit.IsExceeded("yet another", now));
  EXPECT_FALSE(limit.IsExceeded("a", now));
}

}  // namespace
}  // namespace strongroom::authn
