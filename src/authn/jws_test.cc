// security 1.2-1.16
#include "authn/jws.h"

#include <gtest/gtest.h>

#include "base/encoding.h"
#include "base/limits.h"

namespace strongroom::authn {
namespace {

std::string Token(const std::string& header, const std::string& payload = "{}",
                  const std::string& signature = "sig") {
  return base::EncodeBase64Url(header) + "." + base::EncodeBase64Url(payload) + "." +
         base::EncodeBase64Url(signature);
}

std::string Outcome(const std::string& token) {
  const auto read = ParseJws(token);
  const Refusal* refusal = std::get_if<Refusal>(&read);
  return refusal == nullptr ? "ok" : std::string(RefusalName(*refusal));
}

TEST(Jws, ReadsThePartsOfAToken) {
  const std::string token = Token(R"({"alg":"ES256","kid":"k1","typ":"JWT","x":1})", "{\"a\":1}");
  const auto read = ParseJws(token);
  ASSERT_TRUE(std::holds_alternative<Jws>(read));
  const Jws& jws = std::get<Jws>(read);
  EXPECT_EQ(jws.algorithm, crypto::SignatureAlgorithm::kEs256);
  EXPECT_EQ(jws.kid, "k1");
  EXPECT_EQ(jws.payload, "{\"a\":1}");
  EXPECT_EQ(jws.signature, "sig");
  EXPECT_EQ(jws.signing_input, token.substr(0, token.rfind('.')));
}

TEST(Jws, Security03_NeedsExactlyTwoDots) {
  const std::string good = Token(R"({"alg":"ES256"})");
  EXPECT_EQ(Outcome(good), "ok");
  for (const std::string& bad :
       {std::string(), std::string("."), std::string(".."), good + ".", "." + good, good + ".x.y",
        std::string("abc"), good.substr(0, good.rfind('.')), std::string(16000, '.')})
    EXPECT_NE(Outcome(bad), "ok") << bad.substr(0, 80);
}

TEST(Jws, Security04_TakesOneSpellingOfBase64Only) {
  const std::string header = base::EncodeBase64Url(R"({"alg":"ES256"})");
  EXPECT_EQ(Outcome(header + ".e30.YQ"), "ok");
  for (const std::string bad : {".e30=.YQ", ".e30.YQ==", ".e30. YQ", ".e30.YR", ".e3 0.YQ",
                                ".e30.Y+", ".e30.Y/", ".e30.Y", ".e30.YQ\n"})
    EXPECT_EQ(Outcome(header + bad), "token_malformed") << bad;
}

TEST(Jws, Security02_RefusesWhatIsTooLargeBeforeDecoding) {
  const std::string token(base::limits::kTokenBytesMax + 1, '!');
  EXPECT_EQ(Outcome(token), "token_too_large");
}

TEST(Jws, Security07_KnowsNoAlgorithmBesideTheAsymmetricOnes) {
  for (const std::string name : {"none", "None", "NONE", "HS256", "HS512", "es256", "ES256 ", "",
                                 "RS1", "ES256K", "A128KW", "dir"})
    EXPECT_EQ(Outcome(Token(R"({"alg":")" + name + "\"}")), "algorithm_refused") << name;
  EXPECT_EQ(Outcome(Token(std::string("{\"alg\":\"ES256\\u0000\"}"))), "algorithm_refused");
  EXPECT_EQ(Outcome(Token("{}")), "algorithm_refused");
  EXPECT_EQ(Outcome(Token(R"({"alg":["ES256"]})")), "algorithm_refused");
}

TEST(Jws, Security05_TheHeaderIsStrictJson) {
  for (const std::string bad : {"", "[]", "x", R"({"alg":"ES256","alg":"RS256"})",
                                R"({"alg":"ES256"} )"
                                "x",
                                R"({"alg":"ES256","x":[[[[[[[[[[]]]]]]]]]]})"})
    EXPECT_EQ(Outcome(Token(bad)), "header_malformed") << bad;
}

// The outcome of a good header with one more member.
std::string With(const std::string& more) {
  return Outcome(Token(R"({"alg":"ES256",)" + more + "}"));
}

TEST(Jws, Security12_TheKidIsAnOpaqueStringOf256Bytes) {
  for (const std::string good : {R"("kid":"")", R"("kid":"../../etc/passwd' OR 1=1")"})
    EXPECT_EQ(With(good), "ok") << good;
  EXPECT_EQ(With(R"("kid":")" + std::string(256, 'k') + '"'), "ok");
  EXPECT_EQ(With(R"("kid":")" + std::string(257, 'k') + '"'), "header_parameter_refused");
  for (const std::string bad : {R"("kid":1)", R"("kid":null)", R"("kid":["k"])"})
    EXPECT_EQ(With(bad), "header_parameter_refused") << bad;
}

TEST(Jws, Security14_KeysInTheHeaderAreIgnored) {
  for (const std::string ignored :
       {R"("jku":"https://evil/keys")", R"("jwk":{"kty":"oct"})", R"("x5u":"x")", R"("x5c":["x"])"})
    EXPECT_EQ(With(ignored), "ok") << ignored;
}

TEST(Jws, Security15_WhatWouldHaveToBeUnderstoodIsRefused) {
  for (const std::string bad :
       {R"("crit":[])", R"("crit":["exp"],"exp":1)", R"("b64":true)", R"("b64":false)",
        R"("zip":"DEF")", R"("cty":"JWT")", R"("cty":"jwt")", R"("cty":1)"})
    EXPECT_EQ(With(bad), "header_parameter_refused") << bad;
  EXPECT_EQ(With(R"("cty":"text")"), "ok");
  const std::string jwe =
      base::EncodeBase64Url(R"({"alg":"RSA-OAEP","enc":"A256GCM"})") + ".e30.e30.e30.e30";
  EXPECT_EQ(Outcome(jwe), "token_malformed") << "five parts";
}

TEST(Jws, Security16_TheTypeIsThatOfATokenOrAbsent) {
  for (const std::string bad : {R"("typ":"JWE")", R"("typ":1)", R"("typ":"")", R"("typ":"JWT ")",
                                R"("typ":"dpop+jwt")", R"("typ":"application/jwt2")"})
    EXPECT_EQ(With(bad), "header_parameter_refused") << bad;
  for (const std::string good :
       {R"("typ":"JWT")", R"("typ":"jwt")", R"("typ":"at+jwt")", R"("typ":"application/at+jwt")"})
    EXPECT_EQ(With(good), "ok") << good;
}

}  // namespace
}  // namespace strongroom::authn
