#include "authn/dev_issuer.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include "base/check.h"
#include "base/encoding.h"
#include "base/uuid.h"
#include "crypto/jwk.h"

namespace strongroom::authn {
namespace {

namespace json = boost::json;
using crypto::KeyType;
using crypto::SignatureAlgorithm;

KeyType TypeFor(SignatureAlgorithm algorithm) {
  for (const KeyType type : {KeyType::kRsa, KeyType::kP256, KeyType::kP384, KeyType::kP521})
    if (crypto::Fits(type, algorithm)) return type;
  return KeyType::kEd25519;
}

// What a kept key signs with: the algorithm is a property of the issuer, not of the key's bytes,
// and a key of RSA is taken for RS256.
SignatureAlgorithm DefaultFor(KeyType type) {
  switch (type) {
    case KeyType::kRsa: return SignatureAlgorithm::kRs256;
    case KeyType::kP256: return SignatureAlgorithm::kEs256;
    case KeyType::kP384: return SignatureAlgorithm::kEs384;
    case KeyType::kP521: return SignatureAlgorithm::kEs512;
    case KeyType::kEd25519: return SignatureAlgorithm::kEdDsa;
  }
  return SignatureAlgorithm::kEs256;
}

}  // namespace

DevIssuer::DevIssuer(std::string issuer, SignatureAlgorithm algorithm, crypto::PrivateKey key)
    : issuer_(std::move(issuer)),
      algorithm_(algorithm),
      key_(std::move(key)),
      key_id_(crypto::Thumbprint(key_.public_key())) {}

base::Result<DevIssuer> DevIssuer::Create(std::string issuer, SignatureAlgorithm algorithm) {
  STRONGROOM_ASSIGN(auto key, crypto::PrivateKey::Generate(TypeFor(algorithm)));
  return DevIssuer(std::move(issuer), algorithm, std::move(key));
}

base::Result<DevIssuer> DevIssuer::Load(std::string issuer, const base::SecretBytes& saved) {
  STRONGROOM_ASSIGN(auto key, crypto::PrivateKey::Import(saved));
  const SignatureAlgorithm algorithm = DefaultFor(key.public_key().type());
  return DevIssuer(std::move(issuer), algorithm, std::move(key));
}

base::Result<base::SecretBytes> DevIssuer::SaveKey() const { return key_.Export(); }

std::string DevIssuer::jwks_url() const {
  return (issuer_.ends_with('/') ? issuer_ : issuer_ + "/") + ".well-known/jwks.json";
}

std::string DevIssuer::DiscoveryJson() const {
  json::object document;
  document["issuer"] = issuer_;
  document["jwks_uri"] = jwks_url();
  document["response_types_supported"] = json::array{"id_token"};
  document["subject_types_supported"] = json::array{"public"};
  document["id_token_signing_alg_values_supported"] =
      json::array{json::value(crypto::SignatureAlgorithmName(algorithm_))};
  return json::serialize(document);
}

std::string DevIssuer::JwksJson() const {
  json::object key = crypto::PublicJwk(key_.public_key());
  key["kid"] = key_id_;
  key["use"] = "sig";
  key["alg"] = crypto::SignatureAlgorithmName(algorithm_);
  json::object document;
  document["keys"].emplace_array().push_back(std::move(key));
  return json::serialize(document);
}

std::shared_ptr<const KeySet> DevIssuer::Keys() const {
  std::vector<crypto::VerificationKey> keys;
  keys.push_back({key_id_, algorithm_, key_.public_key()});
  return std::make_shared<const KeySet>(std::move(keys));
}

base::Result<std::string> DevIssuer::Sign(json::object claims, const base::Clock& clock,
                                          base::Random& random,
                                          const DevTokenOptions& options) const {
  const std::int64_t now =
      std::chrono::floor<std::chrono::seconds>(clock.Now()).time_since_epoch().count();
  // emplace() leaves what the caller set.
  claims.emplace("iss", issuer_);
  claims.emplace("iat", now);
  claims.emplace("exp", now + options.lifetime.count());
  claims.emplace("jti", base::NewUuid(random).ToString());
  json::object header;
  header["alg"] = crypto::SignatureAlgorithmName(algorithm_);
  header["kid"] = key_id_;
  header["typ"] = "JWT";
  const std::string input = base::EncodeBase64Url(json::serialize(header)) + '.' +
                            base::EncodeBase64Url(json::serialize(claims));
  STRONGROOM_ASSIGN(const std::string signature, key_.Sign(algorithm_, input));
  return input + '.' + base::EncodeBase64Url(signature);
}

}  // namespace strongroom::authn
