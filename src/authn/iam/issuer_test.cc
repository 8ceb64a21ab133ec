#include "authn/iam/issuer.h"

#include <boost/json.hpp>
#include <map>
#include <set>

#include "authn/iam/endpoint.h"
#include "authn/iam/testing.h"
#include "authn/jws.h"
#include "authn/verifier.h"

namespace strongroom::authn::iam {
namespace {

namespace json = boost::json;
using std::chrono::days;
using std::chrono::seconds;

constexpr const char* kIssuer = "https://auth.us-east-1.example.test/token/iam";
constexpr const char* kRole = "arn:aws:iam::012345678901:role/example-role";

IssuerOptions Options() {
  IssuerOptions options;
  options.issuer = kIssuer;
  options.audience = "ledger";
  options.keys.kept_after = seconds(1200);
  return options;
}

Identity Role() { return std::get<Identity>(ReadIdentity(RoleAnswer(), {"aws", false})); }

json::object ClaimsOf(const std::string& jwt) {
  return json::parse(std::get<Jws>(ParseJws(jwt)).payload).as_object();
}
std::string KidOf(const std::string& jwt) { return *std::get<Jws>(ParseJws(jwt)).kid; }

class IssuerTest : public testing::Test {
 protected:
  void Open(IssuerOptions options = Options()) {
    issuer_ = Issuer::Open(std::move(options), keys_, clock_, base::SystemRandom()).value();
  }
  std::string Vend() { return issuer_->Vend(Role()).value().jwt; }
  // Days pass, in steps in which a server looks at its schedule.
  void Pass(std::chrono::minutes time) {
    for (std::chrono::minutes passed{0}; passed < time; passed += std::chrono::minutes(10)) {
      clock_.Advance(std::chrono::minutes(10));
      ASSERT_TRUE(issuer_->Rotate().ok());
    }
  }

  base::ManualClock clock_{TestTime()};
  TestKeys keys_;
  std::unique_ptr<Issuer> issuer_;
};

TEST_F(IssuerTest, Security58_VendsTheClaimsThatPoliciesNeedWithTimesAsIntegers) {
  Open();
  const auto vended = issuer_->Vend(Role()).value();
  const json::object claims = ClaimsOf(vended.jwt);
  EXPECT_EQ(claims.at("iss").as_string(), kIssuer);
  EXPECT_EQ(claims.at("sub").as_string(), kRole);
  EXPECT_EQ(claims.at("aud").as_string(), "ledger");
  EXPECT_EQ(claims.at("iat").as_int64(), kTestNow);
  EXPECT_EQ(claims.at("nbf").as_int64(), kTestNow);
  EXPECT_EQ(claims.at("exp").as_int64(), kTestNow + 900);
  EXPECT_EQ(claims.at("jti").as_string(), vended.jwt_id);
  const json::object& aws = claims.at("aws").as_object();
  EXPECT_EQ(aws.at("account").as_string(), "012345678901");
  EXPECT_EQ(aws.at("user_id").as_string(), "AROAEXAMPLE");
  EXPECT_EQ(aws.at("session_name").as_string(), "session-1");
  EXPECT_EQ(aws.at("arn").as_string(),
            "arn:aws:sts::012345678901:assumed-role/example-role/session-1");
}

// security 1.26, 3.59
TEST_F(IssuerTest, Security59_HasItsTokensVerifiedAsOthersAreWithTheSubjectAsPrincipal) {
  Open();
  TestSts nobody;
  VerifierOptions options;
  options.local_issuers.push_back({kIssuer, issuer_->Keys(), true});
  options.rules_of_issuer[kIssuer].audiences = {"ledger"};
  options.rules_of_issuer[kIssuer].lifetime_max = seconds(900);
  options.is_registered = [](std::string_view) { return false; };
  TokenVerifier verifier(std::move(options), nobody, clock_);
  const auto verify = [&](const std::string& jwt) {
    std::string said;
    verifier.Verify(jwt, "192.0.2.1", [&](const Verification& verification) {
      said = verification.ok() ? verification.claims->principal()
                               : std::string(authn::RefusalName(verification.refusal));
    });
    return said;
  };
  const std::string jwt = Vend();
  EXPECT_EQ(verify(jwt), kRole);
  clock_.Advance(seconds(900 + 60));
  EXPECT_EQ(verify(jwt), "expired");
  IssuerOptions other = Options();
  other.audience = "another";
  Open(other);
  EXPECT_EQ(verify(Vend()), "audience_wrong");
}

TEST_F(IssuerTest, KeepsItsKeysOverARestart) {
  Open();
  const std::string jwks = issuer_->JwksJson();
  const std::string kid = KidOf(Vend());
  Open();
  EXPECT_EQ(issuer_->JwksJson(), jwks);
  EXPECT_EQ(KidOf(Vend()), kid);
  EXPECT_EQ(keys_.keys.size(), 1U);
}

// security 3.57
TEST_F(IssuerTest, Security57_PublishesAKeyBeforeItSignsAndKeepsItUntilItsLastTokenHasExpired) {
  Open();
  const std::string first = KidOf(Vend());
  Pass(days(30) - std::chrono::hours(1) - std::chrono::minutes(10));
  EXPECT_EQ(issuer_->Keys()->keys().size(), 1U);
  Pass(std::chrono::minutes(10));
  EXPECT_EQ(issuer_->Keys()->keys().size(), 2U);
  EXPECT_EQ(KidOf(Vend()), first);
  Pass(std::chrono::minutes(50));
  EXPECT_EQ(KidOf(Vend()), first);
  Pass(std::chrono::minutes(10));
  EXPECT_NE(KidOf(Vend()), first);
  EXPECT_EQ(issuer_->Keys()->keys().size(), 2U);
  Pass(std::chrono::minutes(20));
  EXPECT_EQ(issuer_->Keys()->keys().size(), 2U);
  Pass(std::chrono::minutes(10));
  EXPECT_EQ(issuer_->Keys()->keys().size(), 1U);
  EXPECT_EQ(keys_.keys.size(), 1U);
  EXPECT_FALSE(keys_.keys.contains(first));
}

TEST_F(IssuerTest, PublishesEveryKeyThatSignsForAnHourBeforeItDoes) {
  Open();
  std::map<std::string, base::Timestamp> published;
  const auto note = [&] {
    const auto keys = issuer_->Keys();
    for (const auto& key : keys->keys()) published.emplace(*key.kid, clock_.Now());
  };
  note();
  const std::string first = KidOf(Vend());
  std::set<std::string> signers;
  for (int i = 0; i < 100 * 24; ++i) {
    Pass(std::chrono::hours(1));
    note();
    const std::string kid = KidOf(Vend());
    signers.insert(kid);
    ASSERT_TRUE(kid == first || clock_.Now() - published.at(kid) >= std::chrono::minutes(50));
    ASSERT_LE(issuer_->Keys()->keys().size(), 2U);
  }
  EXPECT_EQ(signers.size(), 4U);
}

TEST_F(IssuerTest, AfterALongStopSignsWithTheOldKeyUntilANewOneWasPublished) {
  Open();
  const std::string first = KidOf(Vend());
  clock_.Advance(days(365));
  Open();
  EXPECT_EQ(KidOf(Vend()), first);
  EXPECT_EQ(issuer_->Keys()->keys().size(), 2U);
  Pass(std::chrono::minutes(60));
  EXPECT_NE(KidOf(Vend()), first);
}

TEST_F(IssuerTest, RotatesOnDemandOnce) {
  Open();
  EXPECT_FALSE(issuer_->Rotate().value());
  EXPECT_TRUE(issuer_->RotateNow().value());
  EXPECT_FALSE(issuer_->RotateNow().value());
  EXPECT_EQ(issuer_->Keys()->keys().size(), 2U);
}

TEST_F(IssuerTest, ChangesItsAlgorithmWithTheSameOverlap) {
  Open();
  const std::string first = KidOf(Vend());
  IssuerOptions options = Options();
  options.keys.algorithm = crypto::SignatureAlgorithm::kRs256;
  Open(options);
  EXPECT_EQ(KidOf(Vend()), first);
  EXPECT_EQ(issuer_->Keys()->keys().size(), 2U);
  Pass(std::chrono::minutes(60));
  EXPECT_EQ(std::get<Jws>(ParseJws(Vend())).algorithm, crypto::SignatureAlgorithm::kRs256);
}

TEST_F(IssuerTest, ChangesNothingWhenTheStorageFails) {
  Open();
  const std::string jwks = issuer_->JwksJson();
  keys_.fails = true;
  EXPECT_FALSE(issuer_->RotateNow().ok());
  EXPECT_EQ(issuer_->JwksJson(), jwks);
  TestKeys empty;
  empty.fails = true;
  EXPECT_FALSE(Issuer::Open(Options(), empty, clock_, base::SystemRandom()).ok());
}

TEST_F(IssuerTest, RefusesStoredKeysThatWereChanged) {
  Open();
  StoredKey& stored = keys_.keys.begin()->second;
  const std::string algorithm = stored.algorithm;
  for (const char* wrong : {"RS256", "ES384", "none", ""}) {
    stored.algorithm = wrong;
    EXPECT_FALSE(Issuer::Open(Options(), keys_, clock_, base::SystemRandom()).ok()) << wrong;
  }
  stored.algorithm = algorithm;
  stored.id += "x";
  EXPECT_FALSE(Issuer::Open(Options(), keys_, clock_, base::SystemRandom()).ok());
}

TEST_F(IssuerTest, PublishesPublicMembersAlone) {
  Open();
  const json::value jwks = json::parse(issuer_->JwksJson());
  for (const json::value& key : jwks.at("keys").as_array()) {
    EXPECT_EQ(key.at("use").as_string(), "sig");
    EXPECT_EQ(key.at("alg").as_string(), "ES256");
    EXPECT_EQ(key.as_object().if_contains("d"), nullptr);
  }
  const json::value discovery = json::parse(issuer_->DiscoveryJson());
  EXPECT_EQ(discovery.at("issuer").as_string(), kIssuer);
  EXPECT_EQ(discovery.at("jwks_uri").as_string(), std::string(kIssuer) + "/.well-known/jwks.json");
}

// ---- The endpoint over both.

class EndpointTest : public IssuerTest {
 protected:
  void SetUp() override { Open(); }
  Reply Send(std::string_view method, std::string_view target, const std::string& body = "",
             const std::vector<net::HeaderView>& headers = {{"content-type", "application/json"}}) {
    Endpoint endpoint(exchange_, *issuer_);
    const net::Request request = net::Request::Make(method, target, headers, body);
    EXPECT_TRUE(endpoint.Serves(request));
    Reply got;
    endpoint.Handle(request, [&](Reply reply) { got = std::move(reply); });
    while (!sts_.waiting.empty()) sts_.Answer(RoleAnswer());
    return got;
  }
  Reply Post(const std::string& body) { return Send("POST", "/token/iam", body); }

  TestSts sts_;
  Exchange exchange_{{kTestAuthUrl, TestEndpoints()}, sts_, clock_};
};

TEST_F(EndpointTest, AnswersTheTokenAsBareText) {
  const Reply reply = Post(R"({"Token":")" + NumberedUrl(1) + R"(","Expiration":"x"})");
  EXPECT_EQ(reply.response.status, 200);
  EXPECT_STREQ(reply.response.content_type, "text/plain; charset=utf-8");
  EXPECT_EQ(ClaimsOf(reply.response.body).at("sub").as_string(), kRole);
  EXPECT_EQ(reply.principal, kRole);
  EXPECT_EQ(reply.jwt_id, ClaimsOf(reply.response.body).at("jti").as_string());
  EXPECT_EQ(reply.refusal, "");
  std::map<std::string, std::string> audit(reply.audit.begin(), reply.audit.end());
  EXPECT_EQ(audit["aws_access_key_id"], kTestKey);
  EXPECT_EQ(audit["aws_session_name"], "session-1");
  EXPECT_EQ(audit["sts_host"], "sts.us-east-1.amazonaws.com");
  EXPECT_EQ(audit["sts_request_id"], "01234567-89ab-cdef-0123-456789abcdef");
}

TEST_F(EndpointTest, TakesATokenAloneToo) {
  EXPECT_EQ(Post(NumberedUrl(1)).response.status, 200);
  EXPECT_EQ(Post("\"" + NumberedUrl(2) + "\"").response.status, 200);
}

TEST_F(EndpointTest, RefusesBodiesThatAreNoJsonObjectWithATokenOnce) {
  const std::string good = R"("Token":")" + NumberedUrl(1) + "\"";
  for (const std::string& body :
       {std::string(), std::string("{"), std::string("{}"), std::string("[]"), std::string("null"),
        std::string(R"({"Token":1})"), std::string(R"({"Token":["x"]})"),
        "{" + good + "," + good + "}", "{" + good + "}x",
        R"({"token":")" + NumberedUrl(1) + "\"}"}) {
    const Reply reply = Post(body);
    EXPECT_EQ(reply.response.status, 400) << body;
    EXPECT_EQ(reply.refusal, "body_malformed") << body;
    EXPECT_EQ(reply.error->code, base::ErrorCode::kBadRequest);
  }
  EXPECT_EQ(Post("{" + good + ",\"x\":\"" + std::string(20000, 'x') + "\"}").response.status, 400);
  EXPECT_TRUE(sts_.asked.empty());
}

TEST_F(EndpointTest, TakesOneContentTypeOfJson) {
  const std::string body = R"({"Token":")" + NumberedUrl(1) + R"("})";
  for (const char* type : {"text/plain", "application/x-www-form-urlencoded", "", "application/xml",
                           "application/json5"})
    EXPECT_EQ(Send("POST", "/token/iam", body, {{"content-type", type}}).response.status, 415);
  EXPECT_EQ(Send("POST", "/token/iam", body, {}).response.status, 415);
  EXPECT_EQ(Send("POST", "/token/iam", body,
                 {{"content-type", "application/json"}, {"content-type", "application/json"}})
                .response.status,
            415);
  EXPECT_EQ(Send("POST", "/token/iam", body, {{"content-type", "Application/JSON; charset=utf-8"}})
                .response.status,
            200);
}

TEST_F(EndpointTest, AnswersByKindOfRefusal) {
  const Reply used = [&] {
    Post(NumberedUrl(1));
    return Post(NumberedUrl(1));
  }();
  EXPECT_EQ(used.response.status, 401);
  EXPECT_EQ(used.refusal, "replayed");
  EXPECT_EQ(used.error->code, base::ErrorCode::kAccessDenied);
  for (int i = 2; i < 6; ++i) Post(NumberedUrl(i));
  const Reply often = Post(NumberedUrl(6));
  EXPECT_EQ(often.response.status, 503);
  EXPECT_EQ(often.refusal, "too_many_exchanges");
  EXPECT_TRUE(often.error->retriable);
}

TEST_F(EndpointTest, Security56_ServesDiscoveryAndKeysForFiveMinutes) {
  for (const char* target :
       {"/token/iam/.well-known/openid-configuration", "/token/iam/.well-known/jwks.json"}) {
    const Reply reply = Send("GET", target);
    EXPECT_EQ(reply.response.status, 200);
    ASSERT_EQ(reply.response.headers.size(), 1U);
    EXPECT_EQ(reply.response.headers[0].value, "max-age=300");
    EXPECT_EQ(Send("POST", target).response.status, 405);
  }
  EXPECT_EQ(Send("GET", "/token/iam").response.status, 405);
}

TEST_F(EndpointTest, ServesItsPathsInOneSpelling) {
  const Endpoint endpoint(exchange_, *issuer_);
  for (const char* target :
       {"/token/iam/", "//token/iam", "/token/iam?x", "/token/iam?", "/TOKEN/iam", "/token/%69am",
        "/token/iam/../iam", "/financial/v1/graphql", "*"})
    EXPECT_FALSE(endpoint.Serves(net::Request::Make("POST", target))) << target;
}

TEST(CheckAuthUrl, TakesHttpsWithAFinalSlashAlone) {
  for (const char* good : {"https://auth.example.com/", "https://localhost:8443/"})
    EXPECT_TRUE(CheckAuthUrl(good).ok()) << good;
  for (const char* bad :
       {"", "https://auth.example.com", "http://auth.example.com/", "https://auth.example.com/x/",
        "https://Auth.example.com/", "https://auth.example.com:443/", "https://a@b/",
        "https://auth.example.com/?x", "auth.example.com/"})
    EXPECT_FALSE(CheckAuthUrl(bad).ok()) << bad;
}

}  // namespace
}  // namespace strongroom::authn::iam
