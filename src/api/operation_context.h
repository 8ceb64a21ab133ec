// What the resolvers of one operation share.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "authn/verified_claims.h"
#include "authz/lint.h"
#include "authz/permit.h"
#include "ledger/access.h"
#include "ledger/scope.h"

namespace strongroom::ledger {
class DecisionLog;
}

namespace strongroom::api {

// The spaces that a mutation needs besides its tenant's. They have to be known before its
// transaction begins, so the operation is executed once beforehand against resolvers that only
// write down what it names (see space_plan.h).
struct SpacePlan {
  bool installation = false;
  std::vector<storage::SpaceId> tenants;         // to be created
  std::vector<std::string> deleted_account_ids;  // to be looked up
};

// One operation, one thread. The pointers outlive it.
struct OperationContext {
  const authz::Permit* permit = nullptr;
  ledger::ReadScope* scope = nullptr;
  ledger::WriteScope* write = nullptr;  // null for queries
  const ledger::Access* access = nullptr;
  const authn::VerifiedClaims* claims = nullptr;
  const ledger::DecisionLog* decisions = nullptr;
  std::vector<authz::Warning> warnings;  // their paths begin with that of the field
  std::vector<std::string> principals;  // of the clients that were made
  SpacePlan* plan = nullptr;            // set while planning: but permit and scope nothing else is
};

}  // namespace strongroom::api
