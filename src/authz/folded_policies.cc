#include "authz/folded_policies.h"

#include <algorithm>
#include <array>
#include <utility>

#include "authz/context_view.h"
#include "authz/policy_plan.h"
#include "base/check.h"
#include "base/limits.h"

namespace strongroom::authz {
namespace {

// Folds every assertion of a set with one token.
class AssertionFolder {
 public:
  AssertionFolder(const CompiledPolicies& set, const TokenContext& token)
      : set_(set),
        envs_(set.catalog->assertion_envs()),
        context_(envs_, token),
        activation_(*envs_.plain.env) {
    activation_.Set(envs_.context_variable, cel::Value::Object(&context_));
  }

  base::Status Run(FoldedPlans& plans) {
    for (auto& list : plans.assertions) list.reserve(set_.programs.size());
    for (const CompiledAssertion& assertion : set_.programs) {
      std::shared_ptr<const FoldedAssertion> shared;
      for (const Action action : kActions) {
        if (shared == nullptr || assertion.reads_action) {
          context_.SetAction(ActionName(action));
          STRONGROOM_ASSIGN(shared, Fold(assertion));
        }
        plans.assertions[static_cast<std::size_t>(action)].push_back(shared);
      }
    }
    return {};
  }

 private:
  base::Result<std::shared_ptr<const FoldedAssertion>> Fold(const CompiledAssertion& assertion) {
    context_.SetShape(*assertion.env);
    auto folded = std::make_shared<FoldedAssertion>();
    folded->env = assertion.env;
    folded->reads_resource = assertion.reads_resource;
    const bool open = assertion.reads_document || assertion.reads_resource || assertion.reads_now;
    if (!open) {
      arena_.Reset();
      folded->outcome =
          RunAssertion(assertion.program, activation_, cost_left_, arena_, &folded->error);
      if (folded->outcome == RunOutcome::kBudgetSpent) return BudgetError();
    } else if (assertion.reads_token || assertion.reads_action) {
      STRONGROOM_TRY(Specialize(assertion, *folded));
    } else {
      folded->residual = assertion.program;
    }
    return std::shared_ptr<const FoldedAssertion>(std::move(folded));
  }

  base::Status Specialize(const CompiledAssertion& assertion, FoldedAssertion& folded) {
    static const std::array<std::string, 3> kUnknown = {"context.document", "context.resource",
                                                        "context.now"};
    const std::uint64_t allowed = std::min(base::limits::kCelCostMax, cost_left_);
    cel::Budget budget(allowed);
    auto residual = assertion.program.Specialize(activation_, kUnknown, budget);
    cost_left_ -= budget.spent();
    if (!residual.ok()) {
      if (budget.exhausted() && allowed < base::limits::kCelCostMax) return BudgetError();
      // Too dear to fold: whether it is too dear to evaluate, the document decides.
      folded.residual = assertion.program;
      return {};
    }
    if (residual->is_constant())
      folded.outcome = OutcomeOf(residual->constant(), &folded.error);
    else
      folded.residual = std::move(residual).value();
    return {};
  }

  const CompiledPolicies& set_;
  const AssertionEnvs& envs_;
  ContextView context_;
  cel::Activation activation_;
  cel::Arena arena_;
  std::uint64_t cost_left_ = base::limits::kCelRequestCostMax;
};

}  // namespace

FoldedPolicies::FoldedPolicies(std::shared_ptr<const PolicySet> set, TokenContext token,
                               std::unique_ptr<const FoldedPlans> plans)
    : set_(std::move(set)), token_(std::move(token)), plans_(std::move(plans)) {}
FoldedPolicies::~FoldedPolicies() = default;

base::Result<std::shared_ptr<const FoldedPolicies>> FoldedPolicies::Fold(
    std::shared_ptr<const PolicySet> set, TokenContext token) {
  STRONGROOM_CHECK(set != nullptr && token.claims != nullptr);
  auto plans = std::make_unique<FoldedPlans>();
  const CompiledPolicies& compiled = set->compiled();
  STRONGROOM_TRY(AssertionFolder(compiled, token).Run(*plans));
  for (const Action action : kActions)
    for (std::size_t ledger = 0; ledger < compiled.catalog->ledger_count(); ++ledger)
      plans->ledgers[static_cast<std::size_t>(action)].push_back(
          FoldLedger(compiled, *plans, action, LedgerId{static_cast<std::uint16_t>(ledger)}));
  return std::shared_ptr<const FoldedPolicies>(
      new FoldedPolicies(std::move(set), std::move(token), std::move(plans)));
}

}  // namespace strongroom::authz
