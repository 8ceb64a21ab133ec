#include "authn/dev_issuer.h"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "authn/signed_jwt.h"
#include "base/uuid.h"
#include "crypto/jwk.h"

namespace strongroom::authn {
namespace {

namespace json = boost::json;
using crypto::KeyType;
using crypto::SignatureAlgorithm;

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
  STRONGROOM_ASSIGN(auto key, crypto::PrivateKey::Generate(KeyTypeFor(algorithm)));
  return DevIssuer(std::move(issuer), algorithm, std::move(key));
}

base::Result<DevIssuer> DevIssuer::Load(std::string issuer, const base::SecretBytes& saved) {
  STRONGROOM_ASSIGN(auto key, crypto::PrivateKey::Import(saved));
  const SignatureAlgorithm algorithm = DefaultFor(key.public_key().type());
  return DevIssuer(std::move(issuer), algorithm, std::move(key));
}

base::Result<base::SecretBytes> DevIssuer::SaveKey() const { return key_.Export(); }

std::string DevIssuer::jwks_url() const { return JwksUrl(issuer_); }

std::string DevIssuer::DiscoveryJson() const { return DiscoveryDocument(issuer_, algorithm_); }

std::string DevIssuer::JwksJson() const {
  const PublishedKey key{key_id_, algorithm_, key_.public_key()};
  return JwksDocument({&key, 1});
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
  return SignJwt(key_, algorithm_, key_id_, claims);
}

}  // namespace strongroom::authn
