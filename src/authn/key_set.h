// The keys of an issuer, read from its JWKS document (rfc7517 5).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "authn/refusal.h"
#include "base/result.h"
#include "crypto/jwk.h"

namespace strongroom::authn {

// An immutable set of usable keys; two keys never have the same kid.
class KeySet {
 public:
  KeySet() = default;
  explicit KeySet(std::vector<crypto::VerificationKey> keys);

  // Reads a document: keys that can't be used are left out (and counted in `dropped`), all keys
  // that share a kid are left out, unknown members are ignored (security 2.52). Fails with
  // kDependencyError when the document is not an object with an array `keys` of at most
  // limits::kJwksKeysMax objects: then the caller keeps the set it had.
  static base::Result<KeySet> Parse(std::string_view document);

  // The key that has to verify a token: the one named by `kid`; without a kid the only key there
  // is. Fails with kKeyUnknown, or with kKeyMismatch if that key may not verify `algorithm`; never
  // tries another one (security 1.8, 1.12).
  OrRefusal<const crypto::VerificationKey*> Find(const std::optional<std::string>& kid,
                                                 crypto::SignatureAlgorithm algorithm) const;

  const std::vector<crypto::VerificationKey>& keys() const { return keys_; }
  bool empty() const { return keys_.empty(); }
  // Why keys were left out, for the log: kid and reason of each.
  const std::vector<std::string>& dropped() const { return dropped_; }
  // Equal fingerprints: the same keys under the same kids for the same algorithms.
  const std::string& fingerprint() const { return fingerprint_; }

 private:
  std::vector<crypto::VerificationKey> keys_;
  std::vector<std::string> dropped_;
  std::string fingerprint_;
};

}  // namespace strongroom::authn
