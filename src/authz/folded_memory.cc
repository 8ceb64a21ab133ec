#include "authz/folded_memory.h"

#include "authz/policy_plan.h"

namespace strongroom::authz {
namespace {

template <typename T>
std::size_t MemoryOf(const std::vector<T>& items) {
  return items.capacity() * sizeof(T);
}

std::size_t MemoryOf(const FoldedAssertion& assertion) {
  // A program is a tree of nodes, each of which stands for a few letters of its text.
  constexpr std::size_t kPerLetter = 32;
  std::size_t sum = sizeof(FoldedAssertion) + assertion.error.capacity();
  if (assertion.residual) sum += kPerLetter * assertion.residual->source().size();
  return sum;
}

std::size_t MemoryOf(const FoldedLedger& ledger) {
  std::size_t sum = MemoryOf(ledger.always) + MemoryOf(ledger.possible) +
                    MemoryOf(ledger.properties) + MemoryOf(ledger.residual) +
                    MemoryOf(ledger.slots);
  for (const ResidualClass& one : ledger.residual) {
    sum += MemoryOf(one.denies) + MemoryOf(one.allows);
    for (const auto* conditions : {&one.denies, &one.allows})
      for (const Condition& condition : *conditions) sum += MemoryOf(condition.slots);
  }
  return sum;
}

std::size_t MemoryOf(const FoldedPlans& plans) {
  std::size_t sum = sizeof(FoldedPolicies) + sizeof(FoldedPlans);
  const FoldedAssertion* last = nullptr;
  for (std::size_t program = 0; program < plans.assertions[0].size(); ++program) {
    for (const auto& of_action : plans.assertions) {
      const FoldedAssertion* one = of_action[program].get();
      if (one != last) sum += MemoryOf(*one);  // actions share one unless it reads them
      last = one;
    }
  }
  for (const auto& of_action : plans.assertions) sum += MemoryOf(of_action);
  for (const auto& of_action : plans.ledgers) {
    sum += MemoryOf(of_action);
    for (const FoldedLedger& ledger : of_action) sum += MemoryOf(ledger);
  }
  return sum;
}

}  // namespace

std::size_t MemoryOf(const FoldedPolicies& folded) { return MemoryOf(folded.plans()); }

}  // namespace strongroom::authz
