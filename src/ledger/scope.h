// Where an operation of one request works: the tenant, its snapshot or transaction, its deadline.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "ledger/catalog/catalog.h"
#include "ledger/limits.h"
#include "storage/store.h"

namespace strongroom::ledger {

class Document;
class Engine;
struct IndexSet;

// A client, tenant, group or user, or the organization, as it was and as it is; null: not there.
struct AdministrativeChange {
  std::shared_ptr<const Document> before;
  std::shared_ptr<const Document> after;
};

// For reading. One request, one thread. The permit that goes with it must have been made from
// policies read through the same `reader` (security 6.25).
struct ReadScope {
  Engine& engine;
  storage::Reader& reader;
  storage::SpaceId tenant;
  // Asked now and then in loops; an error ends the request. May be empty.
  std::function<base::Status()> deadline = {};
  // Documents that the lists of this request may still look at.
  std::uint64_t scan_left = limits::kScanDocumentsMax;
  // What the expressions of this request may still cost.
  std::uint64_t expression_cost_left = limits::kRequestExpressionCostMax;
  // The tenant's custom indexes, once they were asked for: indexes/index_set.h.
  std::shared_ptr<const IndexSet> indexes = {};

  const Catalog& catalog() const;
  storage::SpaceId SpaceOf(const Ledger& ledger) const {
    return ledger.spec().home == Home::kTenant ? tenant : storage::kInstallation;
  }
};

// For writing: all root fields of one GraphQL document share one. The transaction must hold the
// tenant's space, and for what administration.h says more.
struct WriteScope : ReadScope {
  storage::Transaction& transaction;
  base::Timestamp now;  // the start of the operation: `created` and `modified` of all it writes
  // Set when clients, tenants, groups or users changed: call AccessDirectory::Refresh after the
  // commit and before the reply.
  bool access_changed = false;
  // For the audit log, in order.
  std::vector<AdministrativeChange> changes = {};
  // Set when custom indexes left work to do: call WorkOnIndexes after the commit, until all is
  // done.
  bool index_work = false;
  std::int64_t postings = 0;  // made so far by this operation
  // `@force`: what would leave nobody able to write the tenant's clients is done all the same.
  bool forced = false;

  WriteScope(Engine& engine_in, storage::Transaction& transaction_in, storage::SpaceId tenant_in,
             base::Timestamp now_in)
      : ReadScope{engine_in, transaction_in, tenant_in}, transaction(transaction_in), now(now_in) {}
};

}  // namespace strongroom::ledger
