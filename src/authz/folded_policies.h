// A PolicySet seen by one token: everything that depends on the token alone is decided, and what is
// left per (action, ledger, class) is `always`, `never`, or a short list of conditions on the
// document. DESIGN 2.2. Kept with the verified token; it points at the exact set it came from.
#pragma once

#include <boost/json/fwd.hpp>
#include <memory>
#include <string>

#include "authz/policy_set.h"

namespace strongroom::authz {

struct TokenContext {
  std::shared_ptr<const boost::json::object> claims;  // all claims, read in place; not null
  std::string principal;
  std::string account_id;  // the addressed tenant: context.tenant.accountId
};

struct FoldedPlans;  // policy_plan.h, internal

// Immutable; any number of threads may use it.
class FoldedPolicies {
 public:
  // Fails only when the engine does: with kLimitExceeded when the assertions together exceed the
  // cost budget of a request. An assertion that fails is an outcome, not an error.
  static base::Result<std::shared_ptr<const FoldedPolicies>> Fold(std::shared_ptr<const PolicySet>,
                                                                  TokenContext token);
  ~FoldedPolicies();
  FoldedPolicies(const FoldedPolicies&) = delete;
  FoldedPolicies& operator=(const FoldedPolicies&) = delete;

  const PolicySet& policy_set() const { return *set_; }
  const TokenContext& token() const { return token_; }

  // INVARIANT: internal to authz.
  const FoldedPlans& plans() const { return *plans_; }

 private:
  FoldedPolicies(std::shared_ptr<const PolicySet> set, TokenContext token,
                 std::unique_ptr<const FoldedPlans> plans);
  std::shared_ptr<const PolicySet> set_;
  TokenContext token_;
  std::unique_ptr<const FoldedPlans> plans_;
};

}  // namespace strongroom::authz
