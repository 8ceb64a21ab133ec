#include "graphql/rules/variable_usages.h"

#include "graphql/rules/walk.h"

namespace strongroom::graphql::rules {

namespace {

struct Collector {
  std::vector<VariableUsage>& usages;

  void Enter(const ValueVisit& visit) {
    if (visit.node.kind != Value::Kind::kVariable) return;
    usages.push_back({&visit.node, visit.type, visit.has_default});
  }
  template <typename Node>
  void Enter(const Node&) {}
  template <typename Node>
  void Leave(const Node&) {}
  bool Stopped() const { return false; }
};

template <typename Node>
void Collect(Context& context, const Node& node, std::vector<VariableUsage>& usages) {
  Collector collector{usages};
  Walker<Collector>(context, collector).Walk(node);
}

}  // namespace

const std::vector<VariableUsage>& VariableUsages::Of(Context& context,
                                                     const FragmentDefinition& fragment) {
  const auto [entry, added] = by_fragment_.try_emplace(&fragment);
  if (added) Collect(context, fragment, entry->second);
  return entry->second;
}

const std::vector<VariableUsage>& VariableUsages::Of(Context& context,
                                                     const OperationDefinition& operation) {
  const auto [entry, added] = by_operation_.try_emplace(&operation);
  std::vector<VariableUsage>& usages = entry->second;
  if (!added) return usages;
  Collect(context, operation, usages);
  const SelectionSet* const sets[] = {operation.selection_set};
  for (const FragmentDefinition* fragment : context.fragments().Reachable(sets)) {
    const std::vector<VariableUsage>& inside = Of(context, *fragment);
    usages.insert(usages.end(), inside.begin(), inside.end());
  }
  return usages;
}

}  // namespace strongroom::graphql::rules
