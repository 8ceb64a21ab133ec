// The signing keys of our issuer in the store: sealed like every record, in the installation's
// space (docs/reference/ledger-records.md).
//   30 text(id)  when the key begins to sign (8, time) || text(algorithm) || PKCS#8
#pragma once

#include "authn/iam/issuer.h"
#include "storage/store.h"

namespace strongroom::server {

// `store` must outlive it. Thread-safe; waits for commits, so not for a loop thread.
class IssuerKeys : public authn::iam::KeyStorage {
 public:
  explicit IssuerKeys(storage::Store& store) : store_(store) {}
  base::Result<std::vector<authn::iam::StoredKey>> Load() override;
  base::Status Change(const std::vector<authn::iam::StoredKey>& added,
                      const std::vector<std::string>& removed_ids) override;

 private:
  storage::Store& store_;
};

}  // namespace strongroom::server
