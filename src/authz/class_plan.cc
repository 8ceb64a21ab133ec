// Resources that the same policies cover form a class: found by splitting, policy by policy.
#include <map>
#include <utility>

#include "authz/policy_plan.h"
#include "base/check.h"

namespace strongroom::authz {
namespace {

bool LooksAtResource(const CompiledPolicies& set, const CompiledPolicy& policy, LedgerId ledger) {
  for (const AssertionPrograms& assertion : policy.assertions) {
    const ProgramNumber program = assertion.For(ledger);
    if (program != kNoProgram && set.programs[program].reads_resource) return true;
  }
  return false;
}

// Numbers the classes of a split anew, in order of their first resource.
class Splitter {
 public:
  explicit Splitter(std::size_t resources) : class_of_(resources, 0) {}

  // Parts the resources whose `key` differs.
  template <typename Key>
  void Split(const Key& key) {
    std::map<std::pair<std::uint16_t, std::size_t>, std::uint16_t> numbers;
    for (std::size_t resource = 0; resource < class_of_.size(); ++resource) {
      const auto next = static_cast<std::uint16_t>(numbers.size());
      class_of_[resource] =
          numbers.emplace(std::pair(class_of_[resource], key(resource)), next).first->second;
    }
  }
  std::vector<std::uint16_t> Take() { return std::move(class_of_); }

 private:
  std::vector<std::uint16_t> class_of_;
};

bool CoversAll(const std::vector<bool>& covered) {
  for (const bool bit : covered)
    if (!bit) return false;
  return true;
}

LedgerPlan PlanLedger(const CompiledPolicies& set, Action action, LedgerId ledger) {
  const std::size_t resources = set.catalog->Resources(ledger).size();
  std::vector<PolicyNumber> policies;
  Splitter splitter(resources);
  std::vector<bool> apart(resources, false);
  for (PolicyNumber number = 0; number < set.compiled.size(); ++number) {
    const CompiledPolicy& policy = set.compiled[number];
    const std::vector<bool>& covered = policy.covers[ledger.value];
    if (!policy.actions.Has(action) || covered.empty()) continue;
    policies.push_back(number);
    if (!CoversAll(covered))
      splitter.Split([&](std::size_t resource) { return covered[resource] ? 1U : 0U; });
    if (LooksAtResource(set, policy, ledger))
      for (std::size_t resource = 0; resource < resources; ++resource)
        if (covered[resource]) apart[resource] = true;
  }
  splitter.Split([&](std::size_t resource) { return apart[resource] ? resource + 1 : 0; });

  LedgerPlan plan;
  plan.class_of = splitter.Take();
  for (std::size_t resource = 0; resource < resources; ++resource) {
    if (plan.class_of[resource] < plan.classes.size()) continue;
    STRONGROOM_CHECK(plan.class_of[resource] == plan.classes.size());
    ClassPlan& one = plan.classes.emplace_back();
    for (const PolicyNumber number : policies)
      if (set.compiled[number].covers[ledger.value][resource]) one.policies.push_back(number);
    if (apart[resource]) one.only = ResourceId{static_cast<std::uint16_t>(resource)};
  }
  return plan;
}

}  // namespace

void PlanClasses(CompiledPolicies& set) {
  for (const Action action : kActions) {
    auto& plans = set.plans[static_cast<std::size_t>(action)];
    for (std::size_t ledger = 0; ledger < set.catalog->ledger_count(); ++ledger)
      plans.push_back(PlanLedger(set, action, LedgerId{static_cast<std::uint16_t>(ledger)}));
  }
}

}  // namespace strongroom::authz
