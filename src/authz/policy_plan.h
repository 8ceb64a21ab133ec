// What PolicySet::Compile makes, and what is left of it once a token is known. Internal to authz.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "authz/assertion.h"
#include "authz/catalog.h"
#include "authz/policy.h"

namespace strongroom::authz {

// The numbers of programs and policies in their lists.
using ProgramNumber = std::uint32_t;
using PolicyNumber = std::uint32_t;
inline constexpr ProgramNumber kNoProgram = static_cast<ProgramNumber>(-1);

// An assertion of a policy, compiled for each ledger that the policy covers.
struct AssertionPrograms {
  ProgramNumber plain = kNoProgram;      // serves every ledger: it can't look at the document
  std::vector<ProgramNumber> by_ledger;  // else; kNoProgram where it is not valid or not covered
  ProgramNumber For(std::optional<LedgerId> ledger) const {
    if (plain != kNoProgram || !ledger || by_ledger.empty()) return plain;
    return by_ledger[ledger->value];
  }
};

struct CompiledPolicy {
  Effect effect = Effect::kDeny;
  ActionSet actions;
  // A stored policy that can't be compiled: denies what it covers, without condition (UX 9).
  bool defective = false;
  std::vector<std::vector<bool>> covers;      // [ledger][resource]; [ledger] is empty for none
  std::vector<AssertionPrograms> assertions;  // as in Policy::assertions; none when defective
};

// Resources of one (action, ledger) that the same policies cover: they are decided alike.
struct ClassPlan {
  std::vector<PolicyNumber> policies;
  // Set when one of the policies looks at context.resource: then the class is this one resource.
  std::optional<ResourceId> only;
};

struct LedgerPlan {
  std::vector<std::uint16_t> class_of;  // by resource
  std::vector<ClassPlan> classes;
};

// An assertion that is not valid for a ledger that its policy covers.
struct AssertionFault {
  PolicyNumber policy = 0;
  std::size_t assertion = 0;
  LedgerId ledger;
  std::string message;
};

struct CompiledPolicies {
  std::shared_ptr<const Catalog> catalog;
  std::vector<Policy> policies;
  std::vector<CompiledPolicy> compiled;
  std::vector<CompiledAssertion> programs;
  std::array<std::vector<LedgerPlan>, kActions.size()> plans;  // [action][ledger]
  std::vector<AssertionFault> faults;
  std::vector<base::Error> defects;

  const LedgerPlan& Plan(Action action, LedgerId ledger) const {
    return plans[static_cast<std::size_t>(action)][ledger.value];
  }
};

// Groups the resources of every (action, ledger) into classes. INVARIANT: `compiled` is complete.
void PlanClasses(CompiledPolicies& set);

// ---- With a token.

// An assertion under one token and one action.
struct FoldedAssertion {
  RunOutcome outcome = RunOutcome::kError;  // unless residual
  std::string error;                        // of a kError
  std::optional<cel::Program> residual;
  const AssertionEnv* env = nullptr;  // the shape of `context` that the residual reads
  bool reads_resource = false;        // of the residual
};

using SlotNumber = std::uint32_t;

// A policy that only the document (or the instant, or the resource) can decide.
struct Condition {
  PolicyNumber policy = 0;
  // A decided assertion failed already: a DENY applies unless a slot is false.
  bool failed = false;
  std::vector<SlotNumber> slots;  // what is left of its assertions
};

struct ResidualClass {
  std::uint32_t number = 0;  // of the class
  bool allowed = false;      // an ALLOW applies whatever the document
  std::vector<Condition> denies;
  std::vector<Condition> allows;  // none when allowed
  std::optional<ResourceId> only;
};

using ClassBits = std::vector<std::uint64_t>;
inline bool HasBit(const ClassBits& bits, std::size_t number) {
  return (bits[number / 64] >> (number % 64) & 1) != 0;
}

// What is left of one (action, ledger).
struct FoldedLedger {
  const LedgerPlan* plan = nullptr;
  ClassBits always;      // classes that are allowed whatever the document
  ClassBits possible;    // … or for some document
  ClassBits properties;  // classes that hold a document property
  std::vector<ResidualClass> residual;
  std::vector<const FoldedAssertion*> slots;
};

struct FoldedPlans {
  // [action][program]; programs that don't look at the action share one.
  std::array<std::vector<std::shared_ptr<const FoldedAssertion>>, kActions.size()> assertions;
  std::array<std::vector<FoldedLedger>, kActions.size()> ledgers;

  const FoldedLedger& Ledger(Action action, LedgerId ledger) const {
    return ledgers[static_cast<std::size_t>(action)][ledger.value];
  }
  const FoldedAssertion& Assertion(Action action, ProgramNumber program) const {
    return *assertions[static_cast<std::size_t>(action)][program];
  }
};

// What is left of one (action, ledger) once every assertion is folded.
FoldedLedger FoldLedger(const CompiledPolicies& set, const FoldedPlans& plans, Action action,
                        LedgerId ledger);

}  // namespace strongroom::authz
