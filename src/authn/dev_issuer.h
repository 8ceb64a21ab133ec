// DevIssuer: an OpenID issuer of our own for `strongroom dev` and for tests. It never runs in
// `serve`. Its tokens are verified by the same path as those of others; the verifier gets its keys
// directly (LocalIssuer).
#pragma once

#include <boost/json/fwd.hpp>
#include <memory>
#include <string>

#include "authn/key_set.h"
#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "base/secret.h"
#include "crypto/signature.h"

namespace strongroom::authn {

struct DevTokenOptions {
  std::chrono::seconds lifetime{3600};
};

// Immutable; thread-safe.
class DevIssuer {
 public:
  // `algorithm` is kEs256 or kRs256 (any that a key can be made for works). A new signing key.
  static base::Result<DevIssuer> Create(std::string issuer, crypto::SignatureAlgorithm algorithm =
                                                                crypto::SignatureAlgorithm::kEs256);
  // Takes what SaveKey() gave.
  static base::Result<DevIssuer> Load(std::string issuer, const base::SecretBytes& saved);
  base::Result<base::SecretBytes> SaveKey() const;

  const std::string& issuer() const { return issuer_; }
  const std::string& key_id() const { return key_id_; }  // rfc7638 thumbprint
  // The documents to serve at DiscoveryUrl(issuer()) and at jwks_url(), with
  // `Cache-Control: max-age=300`.
  std::string DiscoveryJson() const;
  std::string JwksJson() const;
  std::string jwks_url() const;
  std::shared_ptr<const KeySet> Keys() const;

  // A signed token. `claims` may set any claim; iss, iat, exp and jti are filled in where missing,
  // times as integers (security 1.24).
  base::Result<std::string> Sign(boost::json::object claims, const base::Clock& clock,
                                 base::Random& random, const DevTokenOptions& options = {}) const;

 private:
  DevIssuer(std::string issuer, crypto::SignatureAlgorithm algorithm, crypto::PrivateKey key);
  std::string issuer_;
  crypto::SignatureAlgorithm algorithm_;
  crypto::PrivateKey key_;
  std::string key_id_;
};

}  // namespace strongroom::authn
