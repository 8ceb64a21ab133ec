// Checkpoints: signed statements of how long a chain was and what its last hash was. They are
// compact JWS (ES256) that any JOSE library can check, under a key of the audit log's own:
//   {"iss":"strongroom audit","chain":"<space>","sequence":7,"hash":"<hex>","previous":3,
//    "time":"…"}
// The key is made once and kept sealed in the installation's space:
//   31 text(key id)  PKCS#8
// A checkpoint that was carried away (the request log has each) shows later whether the chain, or
// the whole directory, was put back.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "crypto/signature.h"
#include "ledger/audit/chain.h"

namespace strongroom::ledger::audit {

struct Checkpoint {
  storage::SpaceId chain;
  std::uint64_t sequence = 0;
  crypto::Sha256Digest hash{};
  std::uint64_t previous = 0;  // the sequence of the checkpoint before; 0: none
};

// The keys that sign and verify checkpoints. Immutable; thread-safe.
class AuditKeys {
 public:
  // Nothing when the store has none yet.
  static base::Result<std::optional<AuditKeys>> Load(storage::Reader& reader);
  // Makes the first one; not durable before `transaction`, which holds kInstallation, is.
  static base::Result<AuditKeys> Create(storage::Transaction& transaction);

  base::Result<std::string> Sign(const Checkpoint& checkpoint, base::Timestamp now) const;
  // kBadRequest for what no key of ours has signed.
  base::Result<Checkpoint> Verify(std::string_view jws) const;

  // rfc7638 thumbprints, the signing key's first.
  std::vector<std::string> Ids() const;
  // The public keys, as a JWK set: for whoever checks checkpoints elsewhere.
  std::string JwksJson() const;

 private:
  struct Key {
    std::string id;
    crypto::PrivateKey key;
  };
  explicit AuditKeys(std::vector<Key> keys);
  std::shared_ptr<const std::vector<Key>> keys_;
};

}  // namespace strongroom::ledger::audit
