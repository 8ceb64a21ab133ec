// The custom indexes of a tenant, compiled, and the rights that they add to the catalog. Internal.
//
// One record of the tenant's space, 18, names the set: 16 bytes that are chosen anew with every
// change. It is absent before the first. So one read says whether a cached set still holds, also
// after a rollback.
#pragma once

#include <memory>
#include <mutex>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "authz/catalog.h"
#include "ledger/indexes/custom_index.h"
#include "ledger/scope.h"

namespace strongroom::ledger {

struct IndexSet {
  base::Uuid id;                                            // nil: there never was one
  std::vector<std::shared_ptr<const CustomIndex>> indexes;  // of all ledgers
  std::shared_ptr<const authz::Catalog> rights;             // with a resource for each

  // Null when there is none.
  const CustomIndex* Find(LedgerId on, std::string_view name) const;
  bool Has(LedgerId on) const;
};

// Thread-safe.
class IndexSetCache {
 public:
  explicit IndexSetCache(const Catalog& catalog);
  const IndexEnvs& envs() const { return envs_; }

  base::Result<std::shared_ptr<const IndexSet>> Get(ReadScope& scope);

 private:
  base::Result<std::shared_ptr<const IndexSet>> Make(ReadScope& scope, const base::Uuid& id) const;

  const IndexEnvs envs_;
  const std::shared_ptr<const IndexSet> none_;
  std::mutex mutex_;
  std::unordered_map<storage::SpaceId, std::shared_ptr<const IndexSet>> kept_;
};

// Nil when the tenant never had custom indexes.
base::Result<base::Uuid> IndexSetId(storage::Reader& reader, storage::SpaceId tenant);
// The set as the scope's reader sees it; kept in the scope.
base::Result<std::shared_ptr<const IndexSet>> IndexesOf(ReadScope& scope);
// Names the set anew, after a definition or its state was written.
base::Status ChangeIndexes(WriteScope& scope);

// Brings the entries of the custom indexes from `before` (null: none) to `after` (null: none).
base::Status WriteCustomIndexes(WriteScope& scope, const Document* before, const Document* after);
// Adds the entries of one document to one index; kUniqueConstraintViolation.
base::Status AddToCustomIndex(WriteScope& scope, const CustomIndex& index,
                              const Document& document);

}  // namespace strongroom::ledger
