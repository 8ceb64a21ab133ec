// KeyRing: the signing keys of our issuer, and when which of them signs (security 3.57).
//
//   published   |------ next ------|----------- signs -----------|--- retired ---|
//                publish_ahead      rotation                      lifetime + skew
//
// A key is published for a while before it signs, so that whoever caches the key set knows it in
// time, and kept until the last token that it signed has expired. Pure bookkeeping: no I/O, no
// clock of its own.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "authn/key_set.h"
#include "authn/signed_jwt.h"
#include "base/clock.h"
#include "base/secret.h"
#include "crypto/signature.h"

namespace strongroom::authn::iam {

struct SigningKey {
  std::string id;  // rfc7638 thumbprint
  crypto::SignatureAlgorithm algorithm;
  base::Timestamp signs_from;
  crypto::PrivateKey key;

  static base::Result<SigningKey> Generate(crypto::SignatureAlgorithm algorithm,
                                           base::Timestamp signs_from);
};

struct KeySchedule {
  crypto::SignatureAlgorithm algorithm = crypto::SignatureAlgorithm::kEs256;
  std::chrono::seconds rotation{30 * 86400};
  std::chrono::seconds publish_ahead{3600};
  std::chrono::seconds kept_after{900};  // lifetime of tokens and the largest skew
};

// Immutable.
class KeyRing {
 public:
  KeyRing() = default;
  explicit KeyRing(std::vector<SigningKey> keys);  // in any order

  // The key that signs at `now`: the youngest whose time has come. Null for an empty ring.
  const SigningKey* Signing(base::Timestamp now) const;

  // What a schedule asks for at `now`.
  struct Due {
    std::optional<base::Timestamp> new_key_signs_from;  // a key has to be made
    std::vector<std::string> expired;                   // ids of keys that have to go
    bool empty() const { return !new_key_signs_from && expired.empty(); }
  };
  // A key is made when there is none, when the signing one nears its end, and when it is of another
  // algorithm than the schedule's; at most one key waits at a time.
  Due DueAt(base::Timestamp now, const KeySchedule& schedule) const;
  // True while a key is published that does not sign yet.
  bool HasNext(base::Timestamp now) const;

  const std::vector<SigningKey>& keys() const { return keys_; }  // oldest first
  std::vector<PublishedKey> Published() const;
  std::shared_ptr<const KeySet> Verifying() const;

 private:
  std::vector<SigningKey> keys_;
};

}  // namespace strongroom::authn::iam
