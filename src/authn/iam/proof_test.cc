#include "authn/iam/proof.h"

#include <algorithm>

#include "authn/iam/testing.h"
#include "base/encoding.h"

namespace strongroom::authn::iam {
namespace {

// What becomes of a URL: the name of its refusal, or "".
std::string Verdict(const std::string& url, std::int64_t after = 0) {
  static const StsEndpoints endpoints = TestEndpoints();
  return NameOf(ParseProof(url, endpoints, TestTime(after)));
}
std::string VerdictWith(const std::string& name, const std::string& value) {
  return Verdict(TestUrl().Set(name, value).Text());
}

TEST(Proof, OfAGoodUrlHasItsParts) {
  const StsEndpoints endpoints = TestEndpoints();
  TestUrl url;
  url.parameters.emplace_back("X-Amz-Security-Token", "FwoG%2F%2Bw%3D%3D");
  const auto parsed = ParseProof(url.Text(), endpoints, TestTime());
  ASSERT_EQ(NameOf(parsed), "");
  const Proof& proof = std::get<Proof>(parsed);
  EXPECT_EQ(proof.endpoint->host, "sts.us-east-1.amazonaws.com");
  EXPECT_EQ(proof.access_key_id, kTestKey);
  EXPECT_EQ(proof.signed_at, TestTime());
  EXPECT_EQ(proof.expires, "60");
  EXPECT_EQ(proof.security_token, "FwoG/+w==");
  EXPECT_EQ(proof.signature, kTestSignature);
}

// security 5.28
TEST(Proof, WritesItsOwnQueryWhateverTheOrderAndEscapesOfTheUrl) {
  const StsEndpoints endpoints = TestEndpoints();
  TestUrl url;
  std::ranges::reverse(url.parameters);
  url.Set("X-Amz-Credential", "AKIDEXAMPLE0000000A1%2f20270115%2fus-east-1%2fsts%2faws4%5frequest");
  const auto parsed = ParseProof(url.Text(), endpoints, TestTime());
  ASSERT_EQ(NameOf(parsed), "");
  EXPECT_EQ("https://sts.us-east-1.amazonaws.com/?" + std::get<Proof>(parsed).Query(),
            TestUrl().Text());
}

TEST(Proof, HasAHostOfTheTableInItsOneSpelling) {
  EXPECT_EQ(Verdict(TestUrl().Text()), "");
  for (const char* authority :
       {"sts.s3.amazonaws.com", "sts.us-east-1.amazonaws.com.", "sts.us-east-1.amazonaws.com:443",
        "STS.us-east-1.amazonaws.com", "x@sts.us-east-1.amazonaws.com", "sts.us-east-1",
        "evil.example\\@sts.us-east-1.amazonaws.com", "sts%2Eus-east-1.amazonaws.com", "",
        "sts.us-east-1.amazonaws.com.evil.example", "127.0.0.1", "[::1]", "localhost",
        "sts.cn-north-1.amazonaws.com.cn", "sts.us-gov-west-1.amazonaws.com"}) {
    TestUrl url;
    url.start = std::string("https://") + authority + "/?";
    EXPECT_EQ(Verdict(url.Text()), "host_refused") << authority;
  }
}

TEST(Proof, HasHttpsAndThePathSlash) {
  for (const char* start :
       {"http://sts.us-east-1.amazonaws.com/?", "HTTPS://sts.us-east-1.amazonaws.com/?",
        "//sts.us-east-1.amazonaws.com/?", "https:/sts.us-east-1.amazonaws.com/?",
        "https://sts.us-east-1.amazonaws.com?", "https://sts.us-east-1.amazonaws.com//?",
        "https://sts.us-east-1.amazonaws.com/%2e?", "https://sts.us-east-1.amazonaws.com/;a?",
        "https://sts.us-east-1.amazonaws.com#/?", "https://sts.us-east-1.amazonaws.com/#?"}) {
    TestUrl url;
    url.start = start;
    EXPECT_EQ(Verdict(url.Text()), "url_malformed") << start;
  }
  EXPECT_EQ(Verdict("https://sts.us-east-1.amazonaws.com"), "url_malformed");
  EXPECT_EQ(Verdict("https://sts.us-east-1.amazonaws.com/"), "url_malformed");
  EXPECT_EQ(Verdict(""), "url_malformed");
}

// security 5.6, 5.8
TEST(Proof, HasKnownParametersAndNothingElse) {
  const std::string good = TestUrl().Text();
  for (const char* more : {"&Foo=1",
                           "&X-Amz-Target=x",
                           "&action=GetCallerIdentity",
                           "&%41ction=x",
                           "&=x",
                           "&Version",
                           "&",
                           "&&Version=2011-06-15",
                           "#x",
                           "%gh",
                           "%",
                           "%4",
                           "%0d%0aHost:%20x",
                           "%00",
                           "%20",
                           "+",
                           ";Action=AssumeRole",
                           "%ff",
                           "&Action[]=x",
                           "&?Action=x",
                           "&X-Amz-Security-Token="}) {
    EXPECT_EQ(Verdict(good + more), "parameter_refused") << more;
  }
}

// security 5.7
TEST(Proof, HasEveryParameterOnceAndOnlyTheSecurityTokenMayLack) {
  const TestUrl good;
  for (const auto& [name, value] : good.parameters) {
    EXPECT_EQ(Verdict(good.Text() + "&" + name + "=" + value), "parameter_repeated") << name;
    EXPECT_EQ(VerdictWith(name, ""), "parameter_missing") << name;
  }
}

TEST(Proof, IsForGetCallerIdentityAndNoOtherAction) {
  for (const char* action : {"AssumeRole", "GetSessionToken", "getcalleridentity",
                             "GetCallerIdentityX", "AssumeRoleWithWebIdentity"})
    EXPECT_EQ(VerdictWith("Action", action), "action_refused") << action;
  EXPECT_EQ(VerdictWith("Version", "2010-01-01"), "action_refused");
  EXPECT_EQ(VerdictWith("X-Amz-Algorithm", "AWS4-ECDSA-P256-SHA256"), "algorithm_refused");
}

// security 5.9, 5.10
TEST(Proof, SignsExactlyTheHostAndTheAudience) {
  for (const char* headers :
       {"host", "x-twisp-aws-id", "host%3Bxx-twisp-aws-id", "host%3Bx-twisp-aws-id2",
        "accept%3Bhost%3Bx-twisp-aws-id", "host%3Bhost%3Bx-twisp-aws-id", "host%3Bx-k8s-aws-id",
        "x-twisp-aws-id%3Bhost", "Host%3Bx-twisp-aws-id", "host%3Bx-twisp-aws-id%3B"})
    EXPECT_EQ(VerdictWith("X-Amz-SignedHeaders", headers), "signed_headers_refused") << headers;
}

// security 5.12
TEST(Proof, IsAtMost15MinutesOldAnd5MinutesAhead) {
  const std::string good = TestUrl().Text();
  EXPECT_EQ(Verdict(good, 900), "");
  EXPECT_EQ(Verdict(good, 901), "date_outside");
  EXPECT_EQ(Verdict(good, -300), "");
  EXPECT_EQ(Verdict(good, -301), "date_outside");
}

TEST(Proof, HasADateThatIsAnInstant) {
  for (const char* date :
       {"xxxxxxx", "2027-01-15T08%3A00%3A00Z", "20270115t080000z", "20270230T080000Z",
        "20270115T080000Z0", "20270115T240000Z", "20270115T086000Z", "20270115T080060Z",
        "20271315T080000Z", "20270100T080000Z", "00000101T000000Z", "99991231T235959Z"})
    EXPECT_EQ(VerdictWith("X-Amz-Date", date), "date_malformed") << date;
}

// security 5.13
TEST(Proof, ExpiresAfter1To900SecondsInPlainDigits) {
  for (const char* good : {"1", "60", "900"})
    EXPECT_EQ(VerdictWith("X-Amz-Expires", good), "") << good;
  for (const char* bad :
       {"0", "901", "999", "1000", "-1", "060", "%2B60", "0x3c", "6e1", "18446744073709551676"})
    EXPECT_EQ(VerdictWith("X-Amz-Expires", bad), "expires_refused") << bad;
}

// security 5.14
TEST(Proof, HasAScopeOfItsDayItsRegionAndSts) {
  const auto credential = [](const std::string& text) {
    return VerdictWith("X-Amz-Credential", text);
  };
  const std::string key = kTestKey;
  EXPECT_EQ(credential(key + "%2F20270115%2Fus-east-1%2Fsts%2Faws4_request"), "");
  for (const char* scope :
       {"%2F20270114%2Fus-east-1%2Fsts%2Faws4_request",
        "%2F20270115%2Feu-west-1%2Fsts%2Faws4_request",
        "%2F20270115%2Fus-east-1%2Fs3%2Faws4_request",
        "%2F20270115%2Fus-east-1%2Fsts%2Faws5_request", "%2F20270115%2Fus-east-1%2Fsts",
        "%2F20270115%2Fus-east-1%2Fsts%2Faws4_request%2F", ""})
    EXPECT_EQ(credential(key + scope), "scope_refused") << scope;
  const std::string scope = "%2F20270115%2Fus-east-1%2Fsts%2Faws4_request";
  EXPECT_EQ(credential(std::string(16, 'A') + scope), "");
  EXPECT_EQ(credential(std::string(128, 'A') + scope), "");
  EXPECT_EQ(credential(std::string(15, 'A') + scope), "scope_refused");
  EXPECT_EQ(credential(std::string(129, 'A') + scope), "scope_refused");
  EXPECT_EQ(credential("AKID-EXAMPLE-0000001" + scope), "scope_refused");
  EXPECT_EQ(credential("x%2F" + key + scope), "scope_refused");
}

// security 5.15
TEST(Proof, HasASignatureOf64LowerCaseHexadecimalDigits) {
  for (const std::string& bad :
       {std::string(63, '0'), std::string(65, '0'), std::string(64, 'g'), std::string(64, 'A')})
    EXPECT_EQ(VerdictWith("X-Amz-Signature", bad), "signature_malformed");
}

TEST(Proof, OfTheGlobalHostIsSignedForUsEast1) {
  TestUrl url;
  url.start = "https://sts.amazonaws.com/?";
  EXPECT_EQ(Verdict(url.Text()), "");
  url.Set("X-Amz-Credential", "AKIDEXAMPLE0000000A1%2F20270115%2Feu-west-1%2Fsts%2Faws4_request");
  EXPECT_EQ(Verdict(url.Text()), "scope_refused");
}

// security 5.16
TEST(UrlOfToken, TakesTheOnePrefixAndCanonicalBase64Url) {
  const auto url = UrlOfToken("twisp-aws-v1." + base::EncodeBase64Url("https://x"));
  EXPECT_EQ(std::get<std::string>(url), "https://x");
  EXPECT_EQ(std::get<std::string>(UrlOfToken("https://sts/?x")), "https://sts/?x");
  for (const char* bad :
       {"", "k8s-aws-v1.aHR0", "twisp-aws-v2.aHR0", "Twisp-aws-v1.aHR0", "aHR0", "twisp-aws-v1.aHR",
        "twisp-aws-v1.aHR0=", "twisp-aws-v1. aHR0", "twisp-aws-v1.aH+/", "http://sts/?x"})
    EXPECT_EQ(NameOf(UrlOfToken(bad)), "token_malformed") << bad;
}

TEST(UrlOfToken, TakesAtMost4096Bytes) {
  EXPECT_EQ(NameOf(UrlOfToken("https://" + std::string(4088, 'x'))), "");
  EXPECT_EQ(NameOf(UrlOfToken("https://" + std::string(4089, 'x'))), "token_too_large");
}

}  // namespace
}  // namespace strongroom::authn::iam
