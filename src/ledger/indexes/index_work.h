// What custom indexes leave to do after the operation that changed them: documents that were there
// before are added to an index batch by batch, while reads and writes go on, and the entries of a
// deleted index are removed. Every batch is a transaction of its own, so that work that was cut off
// goes on where it stood. Internal property `reached` of a definition: the last location done.
//   19 index-id -> nothing: the entries of this index are to be removed
#pragma once

#include <vector>

#include "ledger/document.h"
#include "ledger/scope.h"
#include "storage/store.h"

namespace strongroom::ledger {

// Adds up to `documents_max` further documents to an index in state kBuilding; answers the
// definition as stored now: ready, or failed when a unique key is there twice.
base::Result<SharedDocument> BuildIndex(WriteScope& scope, SharedDocument definition,
                                        std::size_t documents_max);

// Marks the entries of an index for removal.
base::Status DropEntries(WriteScope& scope, const base::Uuid& index_id);

// One batch of a tenant's work; false when nothing is left. kNotFound: the tenant is gone.
base::Result<bool> WorkOnIndexes(storage::Store& store, Engine& engine, storage::SpaceId tenant,
                                 base::Timestamp now);

// The tenants that have work left: asked once, at the start.
base::Result<std::vector<storage::SpaceId>> TenantsWithIndexWork(storage::Reader& reader,
                                                                 Engine& engine);

// About how much of the ledger lies before the location that was reached, in percent.
std::int64_t IndexProgress(const Document& definition);

}  // namespace strongroom::ledger
