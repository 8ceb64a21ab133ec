// SPEC 3; security 1.1, 1.13, 1.17, 1.31, 1.32, 1.34
#include "authn/verifier.h"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <set>

#include "authn/testing.h"
#include "base/encoding.h"

namespace strongroom::authn {
namespace {

namespace json = boost::json;
using std::chrono::seconds;

class VerifierTest : public testing::Test {
 protected:
  VerifierTest() {
    fetcher_.Serve(issuer_);
    Restart({});
  }
  void Restart(VerifierOptions options) {
    options.is_registered = [this](std::string_view issuer) {
      return registered_.contains(std::string(issuer));
    };
    verifier_ = std::make_unique<TokenVerifier>(std::move(options), fetcher_, clock_);
  }
  Verification Verify(const std::string& token, const std::string& source = "192.0.2.1") {
    Verification outcome;
    bool done = false;
    verifier_->Verify(token, source, [&](Verification verification) {
      EXPECT_FALSE(done);
      done = true;
      outcome = std::move(verification);
    });
    fetcher_.Run();
    EXPECT_TRUE(done);
    return outcome;
  }
  std::string Outcome(const std::string& token, const std::string& source = "192.0.2.1") {
    const Verification outcome = Verify(token, source);
    return outcome.ok() ? "ok" : std::string(RefusalName(outcome.refusal));
  }
  std::string Sign(json::object claims = {}) { return Sign(issuer_, std::move(claims)); }
  std::string Sign(const DevIssuer& issuer, json::object claims = {}) {
    return issuer.Sign(std::move(claims), clock_, base::SystemRandom()).value();
  }
  // The token with one byte of its signature changed.
  static std::string Forged(std::string token) {
    const std::size_t at = token.rfind('.') + 5;
    token[at] = token[at] == 'A' ? 'B' : 'A';
    return token;
  }

  static constexpr const char* kIssuer = "https://issuer.example";
  const DevIssuer issuer_ = MakeIssuer(kIssuer);
  std::set<std::string> registered_ = {kIssuer};
  base::ManualClock clock_{TestTime()};
  FakeFetcher fetcher_;
  std::unique_ptr<TokenVerifier> verifier_;
};

TEST_F(VerifierTest, AGoodTokenBecomesVerifiedClaims) {
  const Verification outcome = Verify(Sign({{"sub", "user 1"}, {"jti", "id"}, {"x", 1}}));
  ASSERT_TRUE(outcome.ok());
  EXPECT_EQ(outcome.claims->issuer(), kIssuer);
  EXPECT_EQ(outcome.claims->principal(), kIssuer) << "the principal is the issuer";
  EXPECT_EQ(outcome.claims->subject(), "user 1");
  EXPECT_EQ(outcome.claims->jwt_id(), "id");
  EXPECT_EQ(outcome.claims->key_id(), issuer_.key_id());
  EXPECT_EQ(outcome.claims->expires(), TestTime(3600));
  EXPECT_EQ(outcome.claims->claims()->at("x").as_int64(), 1);
  EXPECT_FALSE(outcome.claims->from_iam_exchange());
}

TEST_F(VerifierTest, AnIssuerThatNobodyRegisteredIsNeverAsked) {
  const DevIssuer stranger = MakeIssuer("https://stranger.example");
  const Verification outcome = Verify(Sign(stranger));
  EXPECT_EQ(outcome.refusal, Refusal::kIssuerUnknown);
  EXPECT_EQ(outcome.issuer, "https://stranger.example") << "for the audit log";
  EXPECT_TRUE(fetcher_.asked().empty());
}

// Each token breaks one rule and every later one; the earliest is the reason.
TEST_F(VerifierTest, Security01_ChecksInTheOrderOfTheirCost) {
  const auto token = [](const std::string& header, const std::string& payload) {
    return base::EncodeBase64Url(header) + "." + base::EncodeBase64Url(payload) + ".AAAA";
  };
  const std::string expired = R"("exp":1)";
  EXPECT_EQ(Outcome(""), "token_missing");
  EXPECT_EQ(Outcome(std::string(20000, 'x')), "token_too_large");
  EXPECT_EQ(Outcome("a.b"), "token_malformed");
  EXPECT_EQ(Outcome(token("{", "{")), "header_malformed");
  EXPECT_EQ(Outcome(token(R"({"alg":"none","crit":[]})", "{")), "algorithm_refused");
  EXPECT_EQ(Outcome(token(R"({"alg":"ES256","crit":[]})", "{")), "header_parameter_refused");
  EXPECT_EQ(Outcome(token(R"({"alg":"ES256"})", "{")), "payload_malformed");
  EXPECT_EQ(Outcome(token(R"({"alg":"ES256"})", "{" + expired + "}")), "issuer_missing");
  EXPECT_EQ(Outcome(token(R"({"alg":"ES256"})", R"({"iss":"https://x",)" + expired + "}")),
            "issuer_unknown");
  EXPECT_TRUE(fetcher_.asked().empty()) << "no network until the issuer is known";
  const std::string ours = R"({"iss":"https://issuer.example",)" + expired + "}";
  EXPECT_EQ(Outcome(token(R"({"alg":"ES256","kid":"other"})", ours)), "key_unknown");
  EXPECT_EQ(Outcome(token(R"({"alg":"RS256","kid":")" + issuer_.key_id() + "\"}", ours)),
            "key_mismatch");
  EXPECT_EQ(Outcome(token(R"({"alg":"ES256","kid":")" + issuer_.key_id() + "\"}", ours)),
            "signature_wrong");
  EXPECT_EQ(Outcome(Sign({{"sub", 1}, {"exp", 1}})), "subject_malformed");
  EXPECT_EQ(Outcome(Sign({{"aud", 1}, {"exp", 1}})), "audience_wrong");
  EXPECT_EQ(Outcome(Sign({{"exp", 1}})), "expired");
}

TEST_F(VerifierTest, Security17_TheIssuerIsComparedByteForByte) {
  for (const std::string other : {"https://issuer.example/", "https://ISSUER.example",
                                  "https://issuer.example:443", "http://issuer.example"})
    EXPECT_EQ(Outcome(Sign({{"iss", other}})), "issuer_unknown") << other;
  EXPECT_EQ(Outcome(Sign({{"iss", 1}})), "issuer_missing");
  EXPECT_EQ(Outcome(Sign({{"iss", ""}})), "issuer_missing");
}

TEST_F(VerifierTest, Security13_AKeyOfAnotherIssuerNeverVerifies) {
  const DevIssuer other = MakeIssuer("https://other.example");
  registered_.insert("https://other.example");
  fetcher_.Serve(other);
  EXPECT_EQ(Outcome(Sign(other)), "ok");
  EXPECT_EQ(Outcome(Sign(other, {{"iss", kIssuer}})), "key_unknown");
}

TEST_F(VerifierTest, Security06_AlgorithmsOutsideTheListAreRefused) {
  VerifierOptions options;
  options.algorithms = {crypto::SignatureAlgorithm::kRs256};
  Restart(std::move(options));
  EXPECT_EQ(Outcome(Sign()), "algorithm_refused");
}

TEST_F(VerifierTest, RulesOfAnIssuerReplaceTheGeneralOnes) {
  VerifierOptions options;
  options.rules.audiences = std::vector<std::string>{"us"};
  Restart(options);
  EXPECT_EQ(Outcome(Sign()), "audience_wrong");
  EXPECT_EQ(Outcome(Sign({{"aud", "us"}})), "ok");
  options.rules_of_issuer[kIssuer] = {std::nullopt, seconds(60)};
  Restart(options);
  EXPECT_EQ(Outcome(Sign()), "lifetime_too_long");
  EXPECT_EQ(Outcome(Sign({{"exp", kTestNow + 60}})), "ok");
}

TEST_F(VerifierTest, Security31_ACachedTokenIsCheckedAgainForItsTimes) {
  const std::string token = Sign({{"exp", kTestNow + 100}});
  EXPECT_EQ(Outcome(token), "ok");
  clock_.Advance(seconds(159));
  EXPECT_EQ(Outcome(token), "ok");
  clock_.Advance(seconds(1));
  EXPECT_EQ(Outcome(token), "expired");
  EXPECT_EQ(Outcome(token), "expired");
}

TEST_F(VerifierTest, ACachedTokenStopsWithTheLastClientOfItsIssuer) {
  const std::string token = Sign();
  EXPECT_EQ(Outcome(token), "ok");
  registered_.clear();
  EXPECT_EQ(Outcome(token), "issuer_unknown");
  registered_.insert(kIssuer);
  EXPECT_EQ(Outcome(token), "ok");
}

TEST_F(VerifierTest, Security31_ACachedTokenStopsWhenItsKeyIsGone) {
  const std::string token = Sign();
  EXPECT_EQ(Outcome(token), "ok");
  fetcher_.Serve(MakeIssuer(kIssuer));
  verifier_->keys().Flush();
  EXPECT_EQ(Outcome(token), "key_unknown");
}

TEST_F(VerifierTest, Security34_ColdAndWarmCachesAgree) {
  const std::vector<std::string> tokens = {Sign(), Forged(Sign()), Sign({{"exp", 1}}),
                                           Sign({{"aud", 1}}), "x.y.z"};
  std::vector<std::string> cold;
  for (const std::string& token : tokens) {
    Restart({});
    cold.push_back(Outcome(token));
  }
  for (int round = 0; round < 3; ++round)
    for (std::size_t i = 0; i < tokens.size(); ++i) EXPECT_EQ(Outcome(tokens[i]), cold[i]) << i;
  VerifierOptions options;
  options.cache_entries_max = 0;
  Restart(std::move(options));
  for (std::size_t i = 0; i < tokens.size(); ++i) EXPECT_EQ(Outcome(tokens[i]), cold[i]) << i;
}

TEST_F(VerifierTest, Security32_WrongSignaturesOfOneSourceAreLimitedPerSecond) {
  const std::string bad = Forged(Sign());
  for (int i = 0; i < 50; ++i) EXPECT_EQ(Outcome(bad, "a"), "signature_wrong");
  const Verification limited = Verify(bad, "a");
  EXPECT_EQ(limited.refusal, Refusal::kTooManyFailures);
  EXPECT_EQ(limited.retry_after, seconds(1));
  EXPECT_EQ(Outcome(bad, "b"), "signature_wrong") << "another source is not";
  EXPECT_EQ(Outcome(Sign(), "b"), "ok");
  clock_.Advance(seconds(1));
  EXPECT_EQ(Outcome(bad, "a"), "signature_wrong");
}

TEST_F(VerifierTest, Security26_TheIamExchangeNamesItsPrincipalInTheSubject) {
  const DevIssuer exchange = MakeIssuer("https://us.example/token/iam");
  VerifierOptions options;
  options.local_issuers = {{exchange.issuer(), exchange.Keys(), true}};
  Restart(std::move(options));
  const Verification outcome = Verify(Sign(exchange, {{"sub", "arn:aws:iam::1:role/x"}}));
  ASSERT_TRUE(outcome.ok());
  EXPECT_EQ(outcome.claims->principal(), "arn:aws:iam::1:role/x");
  EXPECT_TRUE(outcome.claims->from_iam_exchange());
  EXPECT_EQ(Outcome(Sign(exchange)), "subject_malformed");
  EXPECT_EQ(Outcome(Sign({{"iss", exchange.issuer()}, {"sub", "arn:aws:iam::1:role/x"}})),
            "key_unknown")
      << "only our own keys verify our own issuer";
  EXPECT_TRUE(fetcher_.asked().empty()) << "it is never fetched";
}

TEST_F(VerifierTest, NewLocalKeysEndTheTokensOfTheOldOnes) {
  const DevIssuer local = MakeIssuer("https://dev.example");
  registered_.insert(local.issuer());
  VerifierOptions options;
  options.local_issuers = {{local.issuer(), local.Keys(), false}};
  Restart(std::move(options));
  const std::string token = Sign(local);
  EXPECT_EQ(Outcome(token), "ok");
  const DevIssuer rotated = MakeIssuer("https://dev.example");
  verifier_->SetLocalKeys(local.issuer(), rotated.Keys());
  EXPECT_EQ(Outcome(token), "key_unknown");
  EXPECT_EQ(Outcome(Sign(rotated)), "ok");
}

// An issuer with two keys names the one it signs with.
TEST_F(VerifierTest, Security12_TheKidIsRequiredWhereThereIsAChoice) {
  const auto token = [&](const std::string& header) {
    return base::EncodeBase64Url(header) + "." +
           base::EncodeBase64Url(R"({"iss":"https://issuer.example","exp":1748739600})") + "." +
           base::EncodeBase64Url(std::string(64, 'x'));
  };
  const std::string without = token(R"({"alg":"ES256"})");
  EXPECT_EQ(Outcome(without), "signature_wrong") << "the only key there is was tried";
  json::object jwks = json::parse(issuer_.JwksJson()).as_object();
  const DevIssuer other = MakeIssuer(kIssuer);
  json::array& keys = jwks.at("keys").as_array();
  keys.push_back(json::parse(other.JwksJson()).as_object().at("keys").as_array().at(0));
  fetcher_.Serve(issuer_.jwks_url(), {200, json::serialize(jwks), ""});
  verifier_->keys().Flush();
  EXPECT_EQ(Outcome(without), "key_unknown");
  EXPECT_EQ(Outcome(token(R"({"alg":"ES256","kid":"../)" + issuer_.key_id() + "\"}")),
            "key_unknown");
  EXPECT_EQ(Outcome(Sign(other)), "ok");
}

TEST_F(VerifierTest, Security14_NoKeyComesFromAToken) {
  const DevIssuer attacker = MakeIssuer("https://attacker.example");
  fetcher_.Serve(attacker);
  const json::value jwk = json::parse(attacker.JwksJson()).as_object().at("keys").as_array().at(0);
  json::object header{{"alg", "ES256"}, {"kid", issuer_.key_id()}, {"jwk", jwk}};
  header["jku"] = attacker.jwks_url();
  const std::string genuine = Sign(attacker, {{"iss", kIssuer}});
  const std::string rest = genuine.substr(genuine.find('.'));
  EXPECT_EQ(Outcome(base::EncodeBase64Url(json::serialize(header)) + rest), "signature_wrong");
  header["kid"] = attacker.key_id();
  EXPECT_EQ(Outcome(base::EncodeBase64Url(json::serialize(header)) + rest), "key_unknown");
  EXPECT_EQ(fetcher_.AskedFor(attacker.jwks_url()), 0U);
}

TEST_F(VerifierTest, Security27_DistributedClaimsAreNotFetched) {
  const Verification outcome =
      Verify(Sign({{"_claim_names", {{"groups", "src1"}}},
                   {"_claim_sources", {{"src1", {{"endpoint", "https://elsewhere.example/"}}}}}}));
  ASSERT_TRUE(outcome.ok());
  EXPECT_FALSE(outcome.claims->claims()->contains("groups"));
  EXPECT_EQ(fetcher_.asked().size(), 2U) << "discovery and keys";
  EXPECT_EQ(fetcher_.AskedFor("https://elsewhere.example/"), 0U);
}

TEST_F(VerifierTest, Security31_AFailureIsNeverKept) {
  const std::string token = Sign();
  const std::string bad = Forged(token);
  EXPECT_EQ(Outcome(bad), "signature_wrong");
  EXPECT_EQ(Outcome(token), "ok");
  EXPECT_EQ(Outcome(bad), "signature_wrong") << "nor does a good token make a bad one good";
  EXPECT_EQ(Outcome(token.substr(0, token.rfind('.')) + "."), "signature_wrong");
}

TEST_F(VerifierTest, Security31_ACachedTokenGoesWithTheKeysThatVerifiedIt) {
  const std::string token = Sign();
  EXPECT_EQ(Outcome(token), "ok");
  fetcher_.SetDown(true);
  EXPECT_EQ(Outcome(token), "ok") << "the issuer is not asked for it";
  verifier_->keys().Flush();
  EXPECT_EQ(Outcome(token), "keys_unavailable") << "the keys are gone, and so is the verdict";
  fetcher_.SetDown(false);
  clock_.Advance(seconds(10));
  EXPECT_EQ(Outcome(token), "ok");
}

TEST_F(VerifierTest, Security32_SourcesOfOneIpv6NetworkAreOne) {
  const std::string bad = Forged(Sign());
  for (int i = 0; i < 50; ++i)
    EXPECT_EQ(Outcome(bad, "2001:db8::" + std::to_string(i)), "signature_wrong");
  EXPECT_EQ(Outcome(bad, "2001:db8::ffff"), "too_many_failures");
  EXPECT_EQ(Outcome(bad, "2001:db8:0:1::1"), "signature_wrong");
}

TEST_F(VerifierTest, AnIssuerThatIsDownIsUnavailableAndNotInvalid) {
  fetcher_.SetDown(true);
  const Verification outcome = Verify(Sign());
  EXPECT_EQ(outcome.refusal, Refusal::kKeysUnavailable);
  EXPECT_EQ(AnswerFor(outcome.refusal), Answer::kUnavailable);
  EXPECT_GT(outcome.retry_after, seconds(0));
}

TEST_F(VerifierTest, WhoStillWaitsAtTheEndIsAnswered) {
  std::string outcome;
  verifier_->Verify(Sign(), "a", [&](Verification verification) {
    outcome = std::string(RefusalName(verification.refusal));
  });
  verifier_.reset();
  EXPECT_EQ(outcome, "keys_unavailable");
  fetcher_.Run();
}

}  // namespace
}  // namespace strongroom::authn
