// security 2.37-2.43, 2.51, 2.52
#include "authn/key_fetch.h"

#include <gtest/gtest.h>

#include "authn/testing.h"
#include "base/limits.h"

namespace strongroom::authn {
namespace {

using std::chrono::seconds;

TEST(MaxAge, ReadsWhatCacheControlSays) {
  EXPECT_EQ(MaxAge("max-age=300"), seconds(300));
  EXPECT_EQ(MaxAge("public, Max-Age=5 , must-revalidate"), seconds(5));
  EXPECT_EQ(MaxAge("max-age=\"7\""), seconds(7));
  EXPECT_EQ(MaxAge("no-store, max-age=300"), seconds(0));
  EXPECT_EQ(MaxAge("max-age=300, no-cache"), seconds(0));
  EXPECT_EQ(MaxAge("max-age=99999999999999"), seconds(UINT32_MAX));
  for (const std::string nothing : {"", "public", "max-age", "max-age=", "max-age=-1", "max-age=1x",
                                    "x-max-age=300", "max-age=\""})
    EXPECT_EQ(MaxAge(nothing), std::nullopt) << nothing;
}

TEST(IssuerUrl, IsHttpsAndNothingButAUrl) {
  for (const std::string good :
       {"https://issuer.example", "https://a.b:8443/x/y/", "https://[::1]/"})
    EXPECT_TRUE(IsIssuerUrl(good)) << good;
  for (const std::string& bad :
       {std::string(), std::string("http://issuer.example"), std::string("https://"),
        std::string("https:///x"), std::string("https://user@host"), std::string("https://host?x"),
        std::string("https://host#x"), std::string("https://ho st"), std::string("https://host\n"),
        std::string("HTTPS://host"), std::string("https://:8443"), std::string("https://ho\\st"),
        std::string("arn:aws:iam::1:role/x"), "https://" + std::string(3000, 'a')})
    EXPECT_FALSE(IsIssuerUrl(bad)) << bad;
  EXPECT_EQ(DiscoveryUrl("https://a/"), "https://a/.well-known/openid-configuration");
  EXPECT_EQ(DiscoveryUrl("https://a/x"), "https://a/x/.well-known/openid-configuration");
}

TEST(Discovery, Security38_BelongsToTheIssuerByteForByte) {
  const auto uri = [](const std::string& document) {
    const auto parsed = ParseDiscovery(document, "https://a");
    return parsed.ok() ? *parsed : "<refused>";
  };
  EXPECT_EQ(uri(R"({"issuer":"https://a","jwks_uri":"https://other/keys?v=1"})"),
            "https://other/keys?v=1");
  for (const std::string bad :
       {"", "[]", "{}", R"({"issuer":"https://a/","jwks_uri":"https://a/k"})",
        R"({"issuer":"https://A","jwks_uri":"https://a/k"})", R"({"jwks_uri":"https://a/k"})",
        R"({"issuer":"https://a"})", R"({"issuer":"https://a","jwks_uri":"http://a/k"})",
        R"({"issuer":"https://a","jwks_uri":1})",
        R"({"issuer":"https://x","issuer":"https://a","jwks_uri":"https://a/k"})",
        R"({"issuer":"https://a","jwks_uri":"https://user@a/k"})", "<html>"})
    EXPECT_EQ(uri(bad), "<refused>") << bad;
}

class KeyFetchTest : public testing::Test {
 protected:
  // The error of a fetch, or "ok".
  std::string Fetch(const std::string& jwks_uri = "") {
    std::string outcome;
    FetchKeys(fetcher_, issuer_.issuer(), jwks_uri, {}, [&](base::Result<FetchedKeys> fetched) {
      outcome = fetched.ok() ? "ok" : fetched.error().message;
      if (fetched.ok()) keys_ = *fetched;
    });
    fetcher_.Run();
    return outcome;
  }
  const DevIssuer issuer_ = MakeIssuer("https://issuer.example");
  FakeFetcher fetcher_;
  FetchedKeys keys_;
};

TEST_F(KeyFetchTest, GoesThroughDiscoveryUnlessTheKeysAreKnown) {
  fetcher_.Serve(issuer_, "max-age=77");
  EXPECT_EQ(Fetch(), "ok");
  EXPECT_EQ(keys_.max_age, seconds(77));
  EXPECT_EQ(keys_.jwks_uri, issuer_.jwks_url());
  EXPECT_EQ(keys_.set->keys().size(), 1U);
  EXPECT_EQ(fetcher_.asked().size(), 2U);
  EXPECT_EQ(Fetch(issuer_.jwks_url()), "ok");
  EXPECT_EQ(fetcher_.asked().size(), 3U);
}

TEST_F(KeyFetchTest, Security39_TheKeysMayLiveOnAnotherHostUnderTheSameRules) {
  fetcher_.Serve(issuer_);
  const std::string elsewhere = "https://keys.example/certs";
  fetcher_.Serve(
      DiscoveryUrl(issuer_.issuer()),
      {200, R"({"issuer":"https://issuer.example","jwks_uri":")" + elsewhere + "\"}", ""});
  fetcher_.Serve(elsewhere, {200, issuer_.JwksJson(), ""});
  IssuerAccess access;
  access.ca_pem = "a certificate";
  access.allowed_networks = {net::Cidr::Parse("10.0.0.0/8").value()};
  FetchKeys(fetcher_, issuer_.issuer(), "", access, [](base::Result<FetchedKeys>) {});
  fetcher_.Step();
  EXPECT_EQ(fetcher_.next().url, elsewhere);
  EXPECT_EQ(fetcher_.next().ca_pem, "a certificate");
  EXPECT_EQ(fetcher_.next().allowed_networks.size(), 1U);
  EXPECT_FALSE(fetcher_.next().allow_loopback);
  fetcher_.Run();
  EXPECT_EQ(Fetch(), "ok");
}

TEST_F(KeyFetchTest, Security52_AmbiguousSecretAndPrivateKeysAreDropped) {
  const auto usable = [](const std::string& members) {
    const auto set = KeySet::Parse("{\"keys\":[" + members + "]}");
    return set.ok() ? std::to_string(set->keys().size()) + " of " +
                          std::to_string(set->keys().size() + set->dropped().size())
                    : "refused";
  };
  const std::string text = issuer_.JwksJson();
  const std::string key = text.substr(text.find('[') + 1, text.rfind(']') - text.find('[') - 1);
  const std::string oct = R"({"kty":"oct","k":"AAAA","kid":"secret"})";
  EXPECT_EQ(usable(key), "1 of 1");
  EXPECT_EQ(usable(key + "," + key), "0 of 2") << "nobody can tell which is meant";
  EXPECT_EQ(usable(key + "," + oct), "1 of 2");
  std::string with_private = key;
  with_private.insert(1, R"("d":"AAAA",)");
  EXPECT_EQ(usable(with_private), "0 of 1");
}

TEST_F(KeyFetchTest, Security42_AsksWithLimitsAndWithoutCredentials) {
  fetcher_.Serve(issuer_);
  FetchKeys(fetcher_, issuer_.issuer(), "", {}, [](base::Result<FetchedKeys>) {});
  EXPECT_EQ(fetcher_.next().response_bytes_max, base::limits::kDiscoveryBytesMax);
  EXPECT_FALSE(fetcher_.next().allow_loopback);
  fetcher_.Step();
  EXPECT_EQ(fetcher_.next().response_bytes_max, base::limits::kJwksBytesMax);
  ASSERT_EQ(fetcher_.next().headers.size(), 1U);
  EXPECT_EQ(fetcher_.next().headers[0].name, "accept");
}

TEST_F(KeyFetchTest, Security51_WhatIsNoUsableAnswerIsAnError) {
  EXPECT_EQ(Fetch(), "the issuer answered with status 404");
  fetcher_.Serve(issuer_);
  for (const int status : {204, 301, 302, 401, 500}) {
    fetcher_.Serve(issuer_.jwks_url(), {status, issuer_.JwksJson(), ""});
    EXPECT_NE(Fetch(), "ok") << status;
  }
  for (const std::string& body :
       {std::string(), std::string("<html>"), std::string("{}"), std::string(R"({"keys":[]})"),
        std::string(R"({"keys":{}})"), std::string(R"({"keys":[1]})"),
        std::string(R"({"keys":[{"kty":"oct","k":"AAAA","kid":"a"}]})"),
        std::string(300000, ' ') + issuer_.JwksJson()}) {
    fetcher_.Serve(issuer_.jwks_url(), {200, body, ""});
    EXPECT_NE(Fetch(), "ok") << body.substr(0, 60);
  }
}

}  // namespace
}  // namespace strongroom::authn
