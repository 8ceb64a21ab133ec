// Decisions that only the audit log tells of: of writes, and of denials that are not kept in full
// any more.
#pragma once

#include <optional>

#include "authz/decision.h"
#include "base/uuid.h"
#include "storage/store.h"

namespace strongroom::ledger::audit {

// The decision with this id (UUIDv7, made when its record's request began), with its effect and
// reasons and without the traces of policies (`complete` is false). Nothing when no record has it.
// Looks at the records of that time, of which it reads at most kSearchedMax.
base::Result<std::optional<authz::Decision>> FindDecision(storage::Reader& reader,
                                                          storage::SpaceId space,
                                                          const base::Uuid& id);

}  // namespace strongroom::ledger::audit
