#include "graphql/rules/fragment_graph.h"

#include <unordered_set>

namespace strongroom::graphql::rules {

FragmentGraph::FragmentGraph(const Document& document) {
  for (const Definition& definition : document.definitions()) {
    if (definition.fragment != nullptr) {
      by_name_[definition.fragment->name.text] = definition.fragment;
    }
  }
}

const FragmentDefinition* FragmentGraph::Find(std::string_view name) const {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? nullptr : found->second;
}

const std::vector<const Selection*>& FragmentGraph::Spreads(const SelectionSet& set) {
  const auto [entry, added] = spreads_.try_emplace(&set);
  std::vector<const Selection*>& spreads = entry->second;
  if (!added) return spreads;
  std::vector<const SelectionSet*> pending = {&set};
  while (!pending.empty()) {
    const SelectionSet* next = pending.back();
    pending.pop_back();
    for (const Selection& selection : next->selections) {
      if (selection.kind == Selection::Kind::kSpread) {
        spreads.push_back(&selection);
      } else if (selection.selection_set != nullptr) {
        pending.push_back(selection.selection_set);
      }
    }
  }
  return spreads;
}

std::vector<const FragmentDefinition*> FragmentGraph::Reachable(
    std::span<const SelectionSet* const> sets) {
  std::vector<std::string_view> names;
  std::unordered_set<std::string_view> known;
  const auto add_spreads = [&](const SelectionSet& set) {
    for (const Selection* spread : Spreads(set)) {
      if (known.insert(spread->name.text).second) names.push_back(spread->name.text);
    }
  };
  for (const SelectionSet* set : sets) add_spreads(*set);
  std::vector<const FragmentDefinition*> reachable;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const FragmentDefinition* fragment = Find(names[i]);
    if (fragment == nullptr) continue;
    reachable.push_back(fragment);
    add_spreads(*fragment->selection_set);
  }
  return reachable;
}

}  // namespace strongroom::graphql::rules
