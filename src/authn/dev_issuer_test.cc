#include "authn/dev_issuer.h"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include "authn/jws.h"
#include "authn/testing.h"

namespace strongroom::authn {
namespace {

namespace json = boost::json;

json::object ClaimsOf(const std::string& token) {
  const auto jws = ParseJws(token);
  return json::parse(std::get<Jws>(jws).payload).as_object();
}

TEST(DevIssuer, FillsInWhatIsMissingAndLeavesWhatIsSet) {
  const base::ManualClock clock(TestTime());
  const DevIssuer issuer = MakeIssuer("https://dev.example");
  const json::object filled = ClaimsOf(issuer.Sign({}, clock, base::SystemRandom()).value());
  EXPECT_EQ(filled.at("iss").as_string(), "https://dev.example");
  EXPECT_EQ(filled.at("iat").as_int64(), kTestNow);
  EXPECT_EQ(filled.at("exp").as_int64(), kTestNow + 3600);
  EXPECT_EQ(filled.at("jti").as_string().size(), 36U);
  const json::object set =
      ClaimsOf(issuer.Sign({{"exp", 5}, {"iss", "x"}}, clock, base::SystemRandom()).value());
  EXPECT_EQ(set.at("exp").as_int64(), 5);
  EXPECT_EQ(set.at("iss").as_string(), "x");
}

TEST(DevIssuer, ASavedKeySignsOnUnderItsId) {
  const base::ManualClock clock(TestTime());
  for (const auto algorithm :
       {crypto::SignatureAlgorithm::kEs256, crypto::SignatureAlgorithm::kEdDsa}) {
    const DevIssuer first = DevIssuer::Create("https://dev.example", algorithm).value();
    const DevIssuer second =
        DevIssuer::Load("https://dev.example", first.SaveKey().value()).value();
    EXPECT_EQ(second.key_id(), first.key_id());
    EXPECT_EQ(second.JwksJson(), first.JwksJson());
    const std::string token = second.Sign({}, clock, base::SystemRandom()).value();
    const auto jws = ParseJws(token);
    const Jws& read = std::get<Jws>(jws);
    const auto keys = first.Keys();
    const auto key = keys->Find(read.kid, read.algorithm);
    ASSERT_TRUE(std::holds_alternative<const crypto::VerificationKey*>(key));
    EXPECT_TRUE(std::get<const crypto::VerificationKey*>(key)->key.Verify(
        read.algorithm, read.signing_input, read.signature));
  }
  EXPECT_FALSE(DevIssuer::Load("https://dev.example", base::SecretBytes("nonsense")).ok());
}

TEST(DevIssuer, PublishesNothingPrivate) {
  const DevIssuer issuer = MakeIssuer("https://dev.example/");
  EXPECT_EQ(issuer.jwks_url(), "https://dev.example/.well-known/jwks.json");
  EXPECT_EQ(ParseDiscovery(issuer.DiscoveryJson(), issuer.issuer()).value(), issuer.jwks_url());
  const auto set = KeySet::Parse(issuer.JwksJson()).value();
  ASSERT_EQ(set.keys().size(), 1U);
  EXPECT_EQ(set.fingerprint(), issuer.Keys()->fingerprint());
  EXPECT_EQ(issuer.JwksJson().find("\"d\""), std::string::npos);
}

}  // namespace
}  // namespace strongroom::authn
