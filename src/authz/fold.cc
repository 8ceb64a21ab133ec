// What is left of one (action, ledger) once the token has decided what it can.
#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "authz/policy_plan.h"

namespace strongroom::authz {
namespace {

// What a policy comes to in one (action, ledger).
enum class Standing { kSkipped, kApplies, kOpen };

class LedgerFolder {
 public:
  LedgerFolder(const CompiledPolicies& set, const FoldedPlans& plans, Action action,
               LedgerId ledger)
      : set_(set), plans_(plans), action_(action), ledger_(ledger) {}

  FoldedLedger Run() {
    const LedgerPlan& plan = set_.Plan(action_, ledger_);
    folded_.plan = &plan;
    const std::size_t words = plan.classes.size() / 64 + 1;
    folded_.always.assign(words, 0);
    folded_.possible.assign(words, 0);
    folded_.properties.assign(words, 0);
    for (std::size_t i = 0; i < set_.catalog->property_count(ledger_); ++i)
      Set(folded_.properties, plan.class_of[i]);
    for (std::size_t number = 0; number < plan.classes.size(); ++number) FoldClass(number);
    return std::move(folded_);
  }

 private:
  static void Set(ClassBits& bits, std::size_t number) {
    bits[number / 64] |= std::uint64_t{1} << (number % 64);
  }

  void FoldClass(std::size_t number) {
    const ClassPlan& plan = folded_.plan->classes[number];
    ResidualClass residual;
    residual.number = static_cast<std::uint32_t>(number);
    residual.only = plan.only;
    for (const PolicyNumber policy : plan.policies) {
      Condition condition;
      const bool deny = set_.compiled[policy].effect == Effect::kDeny;
      switch (Fold(policy, condition)) {
        case Standing::kSkipped: break;
        case Standing::kApplies:
          if (deny) return;  // never allowed
          residual.allowed = true;
          break;
        case Standing::kOpen:
          (deny ? residual.denies : residual.allows).push_back(std::move(condition));
          break;
      }
    }
    if (residual.allowed) residual.allows.clear();
    if (!residual.allowed && residual.allows.empty()) return;  // never allowed
    DropRepeated(residual.denies);
    DropRepeated(residual.allows);
    Set(folded_.possible, number);
    if (residual.allowed && residual.denies.empty())
      Set(folded_.always, number);
    else
      folded_.residual.push_back(std::move(residual));
  }

  // All must be true; one that is false skips the policy even when another failed, so the order
  // of assertions never matters (security 6.8).
  Standing Fold(PolicyNumber number, Condition& condition) {
    const CompiledPolicy& policy = set_.compiled[number];
    condition.policy = number;
    if (policy.defective) return Standing::kApplies;
    for (const AssertionPrograms& assertion : policy.assertions) {
      const ProgramNumber program = assertion.For(ledger_);
      if (program == kNoProgram) {
        condition.failed = true;
        continue;
      }
      const FoldedAssertion& folded = plans_.Assertion(action_, program);
      if (folded.residual)
        condition.slots.push_back(SlotOf(folded));
      else if (folded.outcome == RunOutcome::kFalse)
        return Standing::kSkipped;
      else if (folded.outcome != RunOutcome::kTrue)
        condition.failed = true;
    }
    if (condition.failed && policy.effect == Effect::kAllow) return Standing::kSkipped;
    if (condition.slots.empty()) return Standing::kApplies;
    std::ranges::sort(condition.slots);
    condition.slots.erase(std::unique(condition.slots.begin(), condition.slots.end()),
                          condition.slots.end());
    return Standing::kOpen;
  }

  // Policies that ask the same are asked once: the first of them stands for all.
  static void DropRepeated(std::vector<Condition>& conditions) {
    std::set<std::pair<bool, std::vector<SlotNumber>>> seen;
    std::erase_if(conditions, [&](const Condition& condition) {
      return !seen.emplace(condition.failed, condition.slots).second;
    });
  }

  SlotNumber SlotOf(const FoldedAssertion& assertion) {
    const auto next = static_cast<SlotNumber>(folded_.slots.size());
    const auto [at, added] = slots_.emplace(&assertion, next);
    if (added) folded_.slots.push_back(&assertion);
    return at->second;
  }

  const CompiledPolicies& set_;
  const FoldedPlans& plans_;
  const Action action_;
  const LedgerId ledger_;
  FoldedLedger folded_;
  std::map<const FoldedAssertion*, SlotNumber> slots_;
};

}  // namespace

FoldedLedger FoldLedger(const CompiledPolicies& set, const FoldedPlans& plans, Action action,
                        LedgerId ledger) {
  return LedgerFolder(set, plans, action, ledger).Run();
}

}  // namespace strongroom::authz
