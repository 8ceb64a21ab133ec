// security 1.31, 1.32
#include "authn/token_cache.h"

#include <gtest/gtest.h>

#include <boost/json/value.hpp>

#include "authn/failure_limit.h"

namespace strongroom::authn {
namespace {

using TimePoint = std::chrono::steady_clock::time_point;

crypto::Sha256Digest Hash(int number) { return crypto::Sha256(std::to_string(number)); }

constexpr std::size_t kBytes = std::size_t{1} << 20;

TEST(TokenCache, FindsWhatWasInsertedUntilItIsErased) {
  TokenCache cache(100, kBytes);
  const auto token = std::make_shared<const CachedToken>();
  EXPECT_EQ(cache.Find(Hash(1)), nullptr);
  cache.Insert(Hash(1), token);
  EXPECT_EQ(cache.Find(Hash(1)), token);
  EXPECT_EQ(cache.Find(Hash(2)), nullptr);
  cache.Erase(Hash(1));
  EXPECT_EQ(cache.Find(Hash(1)), nullptr);
  cache.Erase(Hash(1));
}

TEST(TokenCache, Security31_IsBoundedAndForgetsWhatWasNotUsedForLongest) {
  TokenCache cache(160, kBytes);
  for (int i = 0; i < 10000; ++i) {
    cache.Insert(Hash(i), std::make_shared<const CachedToken>());
    EXPECT_NE(cache.Find(Hash(0)), nullptr) << i;
  }
  EXPECT_EQ(cache.size(), 160U);
  EXPECT_EQ(cache.Find(Hash(1)), nullptr);
}

TEST(TokenCache, OfSizeZeroHoldsNothing) {
  TokenCache cache(0, kBytes);
  cache.Insert(Hash(1), std::make_shared<const CachedToken>());
  EXPECT_EQ(cache.Find(Hash(1)), nullptr);
}

std::shared_ptr<const CachedToken> Sized(std::size_t bytes) {
  CachedToken token;
  token.bytes = bytes;
  return std::make_shared<const CachedToken>(token);
}

TEST(TokenCache, Security31_IsBoundedInBytesToo) {
  TokenCache cache(10000, 16 * 1000);
  for (int i = 0; i < 2000; ++i) cache.Insert(Hash(i), Sized(300));
  EXPECT_LE(cache.bytes(), 16U * 1000U);
  EXPECT_GE(cache.size(), 16U) << "each shard holds some";
  EXPECT_NE(cache.Find(Hash(1999)), nullptr) << "the last one is there";
  cache.Insert(Hash(1999), Sized(500));
  EXPECT_LE(cache.bytes(), 16U * 1000U);
  for (int i = 0; i < 2000; ++i) cache.Erase(Hash(i));
  EXPECT_EQ(cache.bytes(), 0U);
}

TEST(TokenCache, DoesNotKeepATokenThatWouldTakeAllThereIs) {
  TokenCache cache(10000, 16 * 1000);
  cache.Insert(Hash(1), Sized(10));
  cache.Insert(Hash(2), Sized(1001));
  EXPECT_EQ(cache.Find(Hash(2)), nullptr);
  EXPECT_NE(cache.Find(Hash(1)), nullptr);
}

TEST(MemoryOf, CountsWhatClaimsTakeAndNotWhatTheyWrite) {
  const auto of = [](const std::string& text) {
    const auto claims = ParseClaims(text);
    return MemoryOf(*std::get<0>(claims));
  };
  EXPECT_GE(of(R"({"a":")" + std::string(10000, 'x') + "\"}"), 10000U);
  std::string many = "{\"a\":[1";
  for (int i = 0; i < 7000; ++i) many += ",1";
  EXPECT_GE(of(many + "]}"), 7000U * sizeof(boost::json::value)) << "2 bytes each in the token";
  EXPECT_LT(of("{}"), 200U);
}

TEST(FailureLimit, CountsIpv6SourcesByTheirNetwork) {
  FailureLimit limit(3, 100);
  const TimePoint now{std::chrono::seconds(1000)};
  for (const char* source : {"2001:db8:0:1::1", "2001:db8:0:1::2", "2001:db8:0:1:ffff::3"})
    limit.Count(source, now);
  EXPECT_TRUE(limit.IsExceeded("2001:db8:0:1:1:2:3:4", now));
  EXPECT_FALSE(limit.IsExceeded("2001:db8:0:2::1", now));
  for (int i = 0; i < 3; ++i) limit.Count("::ffff:192.0.2.1", now);
  EXPECT_TRUE(limit.IsExceeded("::ffff:192.0.2.1", now));
  EXPECT_FALSE(limit.IsExceeded("::ffff:192.0.2.2", now)) << "IPv4 has no such networks";
}

TEST(FailureLimit, Security32_CountsPerSourceAndSecond) {
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
