// Issuer: the OpenID issuer of the tokens that the exchange vends (SPEC 5, security §3).
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "authn/iam/identity.h"
#include "authn/iam/key_ring.h"
#include "base/random.h"

namespace strongroom::authn::iam {

// A signing key as it is kept.
struct StoredKey {
  std::string id;
  std::string algorithm;
  base::Timestamp signs_from;
  base::SecretBytes pkcs8;
};

// Where signing keys are kept: sealed, and durable when a change has answered ok. A seam.
class KeyStorage {
 public:
  virtual ~KeyStorage() = default;
  virtual base::Result<std::vector<StoredKey>> Load() = 0;
  // Adds and removes in one step.
  virtual base::Status Change(const std::vector<StoredKey>& added,
                              const std::vector<std::string>& removed_ids) = 0;
};

struct IssuerOptions {
  std::string issuer;    // `iss`: the auth URL and `token/iam`
  std::string audience;  // `aud`
  std::chrono::seconds lifetime{900};
  KeySchedule keys;
};

struct VendedToken {
  std::string jwt;
  std::string jwt_id;
};

// Thread-safe.
class Issuer {
 public:
  // Reads the keys, and makes the first one. The references must outlive the issuer.
  static base::Result<std::unique_ptr<Issuer>> Open(IssuerOptions options, KeyStorage& storage,
                                                    const base::Clock& clock, base::Random& random);

  // A token for the identity: iss, sub (the canonical ARN), aud, iat, nbf, exp (integers), jti, and
  // `aws` with account, arn, user_id and, for a session, session_name.
  base::Result<VendedToken> Vend(const Identity& identity) const;

  const std::string& name() const { return options_.issuer; }
  std::string DiscoveryJson() const;
  std::string JwksJson() const;
  // What verifies our tokens, for LocalIssuer and TokenVerifier::SetLocalKeys().
  std::shared_ptr<const KeySet> Keys() const;

  // Does what the schedule asks for; true if the keys changed. Writes to the storage, so not for a
  // loop thread. On failure nothing has changed.
  base::Result<bool> Rotate();
  // Makes the next key now, unless one waits already; it signs after `publish_ahead`.
  base::Result<bool> RotateNow();

 private:
  Issuer(IssuerOptions options, KeyStorage& storage, const base::Clock& clock, base::Random& random)
      : options_(std::move(options)), storage_(storage), clock_(clock), random_(random) {}
  std::shared_ptr<const KeyRing> Ring() const;
  base::Result<bool> Apply(const KeyRing& ring, const KeyRing::Due& due);

  const IssuerOptions options_;
  KeyStorage& storage_;
  const base::Clock& clock_;
  base::Random& random_;
  std::mutex rotating_;
  mutable std::mutex mutex_;  // of ring_
  std::shared_ptr<const KeyRing> ring_ = std::make_shared<const KeyRing>();
};

}  // namespace strongroom::authn::iam
