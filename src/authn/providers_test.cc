// The shapes that tokens of well-known providers have (tests/providers/*.json), signed with keys of
// ours: which are taken, and which mistakes are refused, and why. Recipes: docs/howto/providers.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "authn/signed_jwt.h"
#include "authn/testing.h"
#include "authn/verifier.h"
#include "base/json.h"
#include "crypto/jwk.h"

namespace strongroom::authn {
namespace {

namespace json = boost::json;

json::object ReadProvider(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return base::ParseJson(text.str()).value().as_object();
}

std::vector<std::filesystem::path> Providers() {
  std::vector<std::filesystem::path> found;
  for (const auto& entry : std::filesystem::directory_iterator(STRONGROOM_PROVIDERS_DIR))
    if (entry.path().extension() == ".json") found.push_back(entry.path());
  std::sort(found.begin(), found.end());
  return found;
}

// Making a key of RSA takes long, so all share one.
const crypto::PrivateKey& KeyOf(crypto::SignatureAlgorithm algorithm) {
  static std::map<crypto::SignatureAlgorithm, crypto::PrivateKey> keys;
  auto found = keys.find(algorithm);
  if (found == keys.end()) {
    auto made = crypto::PrivateKey::Generate(KeyTypeFor(algorithm)).value();
    found = keys.emplace(algorithm, std::move(made)).first;
  }
  return found->second;
}

// A provider, and what one test says otherwise of it (`variation`).
class Provider {
 public:
  Provider(const json::object& provider, const json::object& variation)
      : provider_(provider),
        variation_(variation),
        algorithm_(*crypto::ParseSignatureAlgorithm(
            json::value_to<std::string>(provider.at("algorithm")))),
        key_(KeyOf(algorithm_)) {}

  std::string Text(const char* name, const std::string& otherwise) const {
    const json::value* text = variation_.if_contains(name);
    return text == nullptr ? otherwise : json::value_to<std::string>(*text);
  }
  std::string issuer() const { return json::value_to<std::string>(provider_.at("issuer")); }

  // Claims of the data, changed as the variation says: null takes a claim away.
  json::object Claims() const {
    json::object claims = provider_.at("claims").as_object();
    claims["iss"] = issuer();
    claims["iat"] = kTestNow - 5;
    claims["exp"] = kTestNow + 600;
    if (const json::value* changed = variation_.if_contains("claims")) {
      for (const auto& [name, value] : changed->as_object()) {
        if (value.is_null()) {
          claims.erase(name);
        } else {
          claims[name] = value;
        }
      }
    }
    return claims;
  }

  void ServeBy(FakeFetcher& fetcher) const {
    json::object discovery = provider_.at("discovery").as_object();
    const std::string jwks_uri = json::value_to<std::string>(discovery.at("jwks_uri"));
    discovery["issuer"] = Text("discovery_issuer", issuer());
    const PublishedKey key{kKeyId, algorithm_, key_.public_key()};
    fetcher.Serve(DiscoveryUrl(issuer()), {200, json::serialize(discovery), ""});
    fetcher.Serve(jwks_uri, {200, JwksDocument({&key, 1}), ""});
  }

  std::string Verify() const {
    FakeFetcher fetcher;
    ServeBy(fetcher);
    base::ManualClock clock(TestTime());
    VerifierOptions options;
    const json::value* audiences = variation_.if_contains("audiences");
    if (audiences == nullptr) audiences = &provider_.at("audiences");
    if (!audiences->is_null())
      options.rules.audiences = json::value_to<std::vector<std::string>>(*audiences);
    const std::string principal = Text("principal", issuer());
    options.is_registered = [&](std::string_view asked) { return asked == principal; };
    TokenVerifier verifier(std::move(options), fetcher, clock);
    const std::string token = SignJwt(key_, algorithm_, kKeyId, Claims()).value();
    std::string outcome;
    verifier.Verify(token, "192.0.2.1", [&](const Verification& verification) {
      outcome = std::string(RefusalName(verification.refusal));
      if (!verification.ok()) return;
      outcome = "ok";
      EXPECT_EQ(verification.claims->principal(), issuer());
      EXPECT_EQ(*verification.claims->claims(), Claims()) << "what policies see";
    });
    fetcher.Run();
    return outcome;
  }

 private:
  static constexpr const char* kKeyId = "test key";
  const json::object& provider_;
  const json::object& variation_;
  const crypto::SignatureAlgorithm algorithm_;
  const crypto::PrivateKey& key_;
};

TEST(Providers, AreAsManyAsThereAreRecipes) { EXPECT_EQ(Providers().size(), 9U); }

TEST(Providers, HaveTheirTokensTaken) {
  for (const auto& path : Providers()) {
    const json::object provider = ReadProvider(path);
    EXPECT_EQ(Provider(provider, {}).Verify(), "ok") << path;
    for (const json::value& good : provider.at("good").as_array())
      EXPECT_EQ(Provider(provider, good.as_object()).Verify(), "ok") << path << good;
  }
}

TEST(Providers, HaveTheUsualMistakesRefused) {
  for (const auto& path : Providers()) {
    const json::object provider = ReadProvider(path);
    ASSERT_FALSE(provider.at("mistakes").as_array().empty());
    for (const json::value& mistake : provider.at("mistakes").as_array()) {
      EXPECT_EQ(Provider(provider, mistake.as_object()).Verify(),
                json::value_to<std::string>(mistake.at("refusal")))
          << path << mistake;
    }
  }
}

}  // namespace
}  // namespace strongroom::authn
