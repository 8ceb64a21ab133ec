// The state of one request's Permit: what is bound, what was spent. Internal to authz.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "authz/context_view.h"
#include "authz/permit.h"
#include "authz/policy_plan.h"

namespace strongroom::authz {

struct PermitRequest {
  PermitRequest(std::shared_ptr<const FoldedPolicies> folded, base::Timestamp at,
                const Permit::Options& options);

  // Runs what is left of an assertion against what `context` binds.
  RunOutcome Run(const FoldedAssertion& assertion, std::string* error);
  // The same, or what it came to when folding.
  RunOutcome Outcome(const FoldedAssertion& assertion, std::string* error);

  const CompiledPolicies& compiled() const { return policies->policy_set().compiled(); }

  std::shared_ptr<const FoldedPolicies> policies;
  base::Timestamp now;
  std::uint64_t cost_left;
  std::uint64_t cost_left_to_explain = base::limits::kCelRequestCostMax;
  std::size_t traces_left = base::limits::kDecisionTracesMax;
  std::size_t trace_bytes_left = base::limits::kDecisionTraceBytesMax;
  std::function<std::string()> decision_id;
  std::vector<Decision> kept;
  bool keeps_notes;
  PermitNotes notes;
  std::uint64_t decisions = 0;
  ContextView context;
  cel::Activation activation;
  cel::Arena arena;
  // Of one Judge: what each slot came to, so that it runs once per document.
  static constexpr std::uint8_t kNotRun = 0xff;
  std::vector<std::uint8_t> outcomes;
};

}  // namespace strongroom::authz
