// Policies as documents hold them, for authz. Internal.
#pragma once

#include <vector>

#include "authz/lint.h"
#include "authz/policy.h"
#include "ledger/document.h"
#include "ledger/scope.h"

namespace strongroom::ledger {

// Of a client or a group. Errors begin with the place, `policies[1]: `, and have it as their path.
base::Result<std::vector<authz::Policy>> PoliciesOf(const Document& holder);

// Whether the policies of a client or group may be stored (SPEC 4.1.10); answers what is worth a
// warning. Errors and warnings carry the argument's path.
base::Result<std::vector<authz::Warning>> CheckPolicies(ReadScope& scope, const Document& holder);

}  // namespace strongroom::ledger
