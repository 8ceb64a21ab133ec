// Nobody may lock everybody out (security 6.30). Internal.
#pragma once

#include <vector>

#include "authz/lint.h"
#include "ledger/document.h"
#include "ledger/scope.h"

namespace strongroom::ledger {

// Refuses, with kBadRequest, a state of the addressed tenant in which no client that holds in it
// could write clients any more. To be asked after the change of one client from `before` to `after`
// (null: there is none); looks at the others only when that client lost the right. Assertions count
// as true, and groups do not count: whether anybody can sign in through them isn't known here.
// When `scope.forced`, such a state is a warning, which is added to `warnings`.
base::Status RequireManager(WriteScope& scope, const Document* before, const Document* after,
                            std::vector<authz::Warning>& warnings);

}  // namespace strongroom::ledger
