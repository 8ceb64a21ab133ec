// The policies of one principal, compiled against the catalog: patterns are bit sets of resources,
// assertions are checked programs, and the resources of each (action, ledger) are grouped into
// classes that are decided alike. DESIGN 2.1.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "authz/catalog.h"
#include "authz/policy.h"
#include "base/result.h"

namespace strongroom::authz {

struct CompiledPolicies;  // policy_plan.h, internal

// Immutable; any number of threads may use it.
class PolicySet {
 public:
  enum class BadPolicy {
    kRefuse,       // when a client or group is written: nothing is compiled (SPEC 4)
    kCountAsDeny,  // when stored policies are loaded: it denies what it covers (UX 9)
  };
  struct Options {
    BadPolicy bad_policy = BadPolicy::kRefuse;
  };

  // Policies of several groups are decided together: concatenate their lists.
  //
  // Refuses with kBadRequest (kCelEvaluationError for an assertion) what SPEC 4.1.10 names, with
  // the number of the policy, the name of the assertion, the position in it and a hint.
  // An assertion has to be valid for at least one ledger that the policy covers. For a covered
  // ledger for which it is not (a property that this ledger lacks) it fails at evaluation: an ALLOW
  // is skipped there, a DENY applies.
  static base::Result<std::shared_ptr<const PolicySet>> Compile(
      std::vector<Policy> policies, std::shared_ptr<const Catalog> catalog, const Options& options);
  static base::Result<std::shared_ptr<const PolicySet>> Compile(
      std::vector<Policy> policies, std::shared_ptr<const Catalog> catalog) {
    return Compile(std::move(policies), std::move(catalog), Options{});
  }

  ~PolicySet();
  PolicySet(const PolicySet&) = delete;
  PolicySet& operator=(const PolicySet&) = delete;

  std::span<const Policy> policies() const;
  const Catalog& catalog() const;
  // What Compile found wrong with stored policies; only with kCountAsDeny. Readiness reports it.
  std::span<const base::Error> defects() const;

  // INVARIANT: internal to authz.
  const CompiledPolicies& compiled() const { return *compiled_; }

 private:
  explicit PolicySet(std::unique_ptr<const CompiledPolicies> compiled);
  std::unique_ptr<const CompiledPolicies> compiled_;
};

}  // namespace strongroom::authz
