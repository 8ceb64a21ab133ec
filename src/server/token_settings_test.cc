#include "server/token_settings.h"

#include <gtest/gtest.h>

namespace strongroom::server {
namespace {

constexpr const char* kIssuer = "https://issuer.example";

Settings With(std::vector<std::string> audiences) {
  Settings settings;
  settings.audiences = std::move(audiences);
  return settings;
}

std::string Outcome(const Settings& settings) {
  const auto options = VerifierOptionsOf(settings);
  return options.ok() ? "ok" : options.error().message;
}

TEST(TokenSettings, Security18_AnyAudienceIsAnExplicitChoice) {
  EXPECT_EQ(Outcome(Settings{}), "no audience was chosen");
  EXPECT_EQ(VerifierOptionsOf(With({"any"}))->rules.audiences, std::nullopt);
  EXPECT_EQ(VerifierOptionsOf(With({"a", "b"}))->rules.audiences,
            (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(Outcome(With({"any", "a"})), "the audience `any` stands beside another");
}

TEST(TokenSettings, Security18_AnIssuerMayHaveAListOfItsOwn) {
  Settings settings = With({"ledger"});
  settings.issuer_audiences = {"https://issuer.example=one", "https://issuer.example=two=2",
                               "https://open.example=any"};
  const auto options = VerifierOptionsOf(settings).value();
  EXPECT_EQ(options.rules_of_issuer.at(kIssuer).audiences,
            (std::vector<std::string>{"one", "two=2"}));
  EXPECT_EQ(options.rules_of_issuer.at("https://open.example").audiences, std::nullopt);
  EXPECT_EQ(TakenForAnyAudience(settings), std::vector<std::string>{"https://open.example"});
  EXPECT_EQ(TakenForAnyAudience(With({"any"})), std::vector<std::string>{""});
  EXPECT_TRUE(TakenForAnyAudience(With({"ledger"})).empty());
  for (const char* bad : {"x", "=x", "https://issuer.example=", "http://issuer.example=x"}) {
    settings.issuer_audiences = {bad};
    EXPECT_NE(Outcome(settings), "ok") << bad;
  }
}

TEST(TokenSettings, Security25_AnIssuerMayHaveAShorterLifetime) {
  Settings settings = With({"ledger"});
  settings.token_seconds_max = 86400;
  settings.issuer_token_seconds = {"https://issuer.example=900"};
  const auto options = VerifierOptionsOf(settings).value();
  EXPECT_EQ(options.rules.lifetime_max, std::chrono::hours(24));
  EXPECT_EQ(options.rules_of_issuer.at(kIssuer).lifetime_max, std::chrono::minutes(15));
  EXPECT_EQ(options.rules_of_issuer.at(kIssuer).audiences, std::vector<std::string>{"ledger"});
  for (const char* bad : {"0", "-1", "1h", "9999999999", ""}) {
    settings.issuer_token_seconds = {std::string("https://issuer.example=") + bad};
    EXPECT_NE(Outcome(settings), "ok") << bad;
  }
}

TEST(TokenSettings, Security23_TheSkewIsSettableUpToFiveMinutes) {
  Settings settings = With({"ledger"});
  EXPECT_EQ(VerifierOptionsOf(settings)->skew, std::chrono::seconds(60));
  for (const std::uint64_t skew : {0, 300}) {
    settings.token_skew_seconds = skew;
    EXPECT_EQ(VerifierOptionsOf(settings)->skew, std::chrono::seconds(skew));
  }
  settings.token_skew_seconds = 301;
  EXPECT_NE(Outcome(settings), "ok");
}

TEST(TokenSettings, Security06_TheAlgorithmsAreAListOfOurs) {
  Settings settings = With({"ledger"});
  settings.token_algorithms = {"ES256", "EdDSA"};
  EXPECT_EQ(VerifierOptionsOf(settings)->algorithms.size(), 2U);
  for (const char* bad : {"none", "HS256", "es256", ""}) {
    settings.token_algorithms = {bad};
    EXPECT_NE(Outcome(settings), "ok") << bad;
  }
}

TEST(TokenSettings, Security37_AnIssuerMayHaveACaOfItsOwn) {
  Settings settings = With({"ledger"});
  settings.issuer_cas = {"https://issuer.example=/proc/self/comm"};  // any file that is there
  const auto options = VerifierOptionsOf(settings).value();
  EXPECT_FALSE(options.keys.access_of_issuer.at(kIssuer).ca_pem.empty());
  EXPECT_TRUE(options.keys.access.ca_pem.empty());
  settings.issuer_cas = {"https://issuer.example=/nowhere.pem"};
  EXPECT_NE(Outcome(settings), "ok");
}

TEST(TokenSettings, TheConsolesIssuerIsAUrl) {
  Settings settings = With({"ledger"});
  settings.console_issuer = "console";
  EXPECT_EQ(Outcome(settings), "`console` is no issuer");
  settings.console_issuer = kIssuer;
  EXPECT_EQ(Outcome(settings), "ok");
}

}  // namespace
}  // namespace strongroom::server
