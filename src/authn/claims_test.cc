// security 1.18, 1.21-1.26
#include "authn/claims.h"

#include <gtest/gtest.h>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include "authn/testing.h"

namespace strongroom::authn {
namespace {

namespace json = boost::json;
using std::chrono::seconds;

json::object Claims(const std::string& text) { return json::parse(text).as_object(); }

// What the time claims of the JSON come to at kTestNow; "ok" when they hold.
std::string TimesOf(const std::string& text, seconds skew = seconds(60),
                    seconds lifetime_max = seconds(86400 * 365)) {
  const auto times = ReadTimeClaims(Claims(text), lifetime_max);
  if (const Refusal* refusal = std::get_if<Refusal>(&times))
    return std::string(RefusalName(*refusal));
  const auto late = std::get<TimeClaims>(times).Check(TestTime(), skew);
  return late ? std::string(RefusalName(*late)) : "ok";
}

std::string At(std::int64_t after) { return std::to_string(kTestNow + after); }

TEST(Claims, Security21_ExpiresWhenTheSkewIsOverToTheSecond) {
  EXPECT_EQ(TimesOf(R"({"exp":)" + At(1) + "}"), "ok");
  EXPECT_EQ(TimesOf(R"({"exp":)" + At(-59) + "}"), "ok");
  EXPECT_EQ(TimesOf(R"({"exp":)" + At(-60) + "}"), "expired") << "now >= exp + skew";
  EXPECT_EQ(TimesOf(R"({"exp":)" + At(0) + "}", seconds(0)), "expired");
  EXPECT_EQ(TimesOf(R"({"exp":)" + At(1) + "}", seconds(0)), "ok");
}

TEST(Claims, Security22_TheSkewHoldsForEveryTimeClaim) {
  const std::string exp = R"("exp":)" + At(1000);
  EXPECT_EQ(TimesOf("{" + exp + R"(,"nbf":)" + At(60) + "}"), "ok");
  EXPECT_EQ(TimesOf("{" + exp + R"(,"nbf":)" + At(61) + "}"), "not_yet_valid");
  EXPECT_EQ(TimesOf("{" + exp + R"(,"iat":)" + At(60) + "}"), "ok");
  EXPECT_EQ(TimesOf("{" + exp + R"(,"iat":)" + At(61) + "}"), "issued_in_future");
}

TEST(Claims, Security21_RequiresAnExpiry) {
  EXPECT_EQ(TimesOf("{}"), "expiry_missing");
  EXPECT_EQ(TimesOf(R"({"exp":0})"), "expired") << "0 is a time, not an absence";
  EXPECT_EQ(TimesOf(R"({"exp":null})"), "time_malformed");
}

TEST(Claims, Security24_TimesAreNumbersInRange) {
  for (const std::string bad :
       {"\"1748736100\"", "true", "[]", "-1", "-0.5", "1e400", "9223372036854775808",
        "18446744073709551616", "1748736100000", "7289654400"}) {
    if (bad == "1e400") continue;  // refused as JSON already
    EXPECT_EQ(TimesOf(R"({"exp":)" + bad + "}"), "time_malformed") << bad;
    EXPECT_EQ(TimesOf(R"({"exp":)" + At(100) + R"(,"nbf":)" + bad + "}"), "time_malformed") << bad;
    EXPECT_EQ(TimesOf(R"({"exp":)" + At(100) + R"(,"iat":)" + bad + "}"), "time_malformed") << bad;
  }
  EXPECT_EQ(TimesOf(R"({"exp":1748736000.5})", seconds(0)), "ok") << "fractions count";
  EXPECT_EQ(TimesOf(R"({"exp":1.7487361e9})"), "ok");
}

TEST(Claims, Security25_HoldsTheLongestLifetime) {
  const auto of = [](std::int64_t issued, std::int64_t expires) {
    return TimesOf(R"({"iat":)" + At(issued) + R"(,"exp":)" + At(expires) + "}", seconds(60),
                   seconds(3600));
  };
  EXPECT_EQ(of(0, 3600), "ok");
  EXPECT_EQ(of(0, 3601), "lifetime_too_long");
  EXPECT_EQ(of(-3000, 600), "ok");
  EXPECT_EQ(of(-3001, 600), "lifetime_too_long");
  EXPECT_EQ(TimesOf(R"({"exp":)" + At(3601) + "}", seconds(60), seconds(3600)), "lifetime_too_long")
      << "without iat it counts from now";
}

std::string AudienceOf(const std::string& text,
                       const std::optional<std::vector<std::string>>& audiences) {
  const auto refusal = CheckSubjectAndAudience(Claims(text), audiences);
  return refusal ? std::string(RefusalName(*refusal)) : "ok";
}

TEST(Claims, Security18_OneAudienceHasToBeNamedExactly) {
  const std::vector<std::string> ours = {"https://api", "other"};
  EXPECT_EQ(AudienceOf(R"({"aud":"https://api"})", ours), "ok");
  EXPECT_EQ(AudienceOf(R"({"aud":["x","other"]})", ours), "ok");
  for (const std::string bad :
       {"{}", R"({"aud":"https://api/"})", R"({"aud":"HTTPS://api"})", R"({"aud":""})",
        R"({"aud":[]})", R"({"aud":["x"]})", R"({"aud":["https://api",1]})", R"({"aud":null})",
        R"({"aud":1})", R"({"aud":{"https://api":true}})"})
    EXPECT_EQ(AudienceOf(bad, ours), "audience_wrong") << bad;
  EXPECT_EQ(AudienceOf(R"({"aud":"x"})", std::vector<std::string>{}), "audience_wrong");
}

TEST(Claims, AnyAudienceStillHasToBeWellFormed) {
  EXPECT_EQ(AudienceOf("{}", std::nullopt), "ok");
  EXPECT_EQ(AudienceOf(R"({"aud":["x"]})", std::nullopt), "ok");
  EXPECT_EQ(AudienceOf(R"({"aud":1})", std::nullopt), "audience_wrong");
  EXPECT_EQ(AudienceOf(R"({"aud":["x",1]})", std::nullopt), "audience_wrong");
}

TEST(Claims, Security26_TheSubjectIsAString) {
  EXPECT_EQ(AudienceOf(R"({"sub":"x"})", std::nullopt), "ok");
  EXPECT_EQ(AudienceOf(R"({"sub":1})", std::nullopt), "subject_malformed");
  EXPECT_EQ(AudienceOf(R"({"sub":null})", std::nullopt), "subject_malformed");
}

TEST(Claims, Security05_ThePayloadIsStrictJson) {
  const auto parses = [](const std::string& text) { return ParseClaims(text).index() == 0; };
  EXPECT_TRUE(parses(R"({"a":{"b":[1]}})"));
  for (const std::string& bad :
       {std::string("[]"), std::string("\"x\""), std::string(""), std::string(R"({"a":1,"a":2})"),
        std::string(R"({"a":1}x)"), std::string("\xEF\xBB\xBF{}"), std::string("{\"a\":\"\xFF\"}"),
        std::string(R"({"a":{"b":1,"b":1}})"), std::string("{\"a\":1e400}"),
        R"({"a":)" + std::string(40, '[') + std::string(40, ']') + "}"})
    EXPECT_FALSE(parses(bad)) << bad;
}

}  // namespace
}  // namespace strongroom::authn
