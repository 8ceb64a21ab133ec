// What an operation did, appended to the chains in its own transaction: it commits with its audit
// records, or neither does. And the chains of a store as a whole.
#pragma once

#include <vector>

#include "ledger/audit/record.h"

namespace strongroom::ledger::audit {

// Writes the decisions, and the changes of `scope`: those of the installation's documents into its
// own chain, everything else into the tenant's; `reads`, a ReadsText, when it is not empty. The
// last thing before the commit. Answers the chains that grew, for Keeper::Committed.
base::Result<std::vector<storage::SpaceId>> AppendOperation(
    WriteScope& scope, const Source& source, const std::vector<authz::GrantedWrite>& writes = {},
    std::string reads = {});

// A store from before there was an audit log gets its key and its chains, once: while there is no
// key. Waits for the commit.
base::Status PrepareStore(storage::Store& store, Engine& engine, base::Timestamp now);

// The spaces that have a chain: the installation first, then every tenant.
base::Result<std::vector<storage::SpaceId>> Chains(Engine& engine, storage::Reader& reader);

}  // namespace strongroom::ledger::audit
