#include "graphql/rules/fragments.h"

#include <fmt/format.h>

#include <algorithm>

namespace strongroom::graphql::rules {

void UniqueFragmentNames::Enter(Context& context, const FragmentDefinition& fragment) {
  const auto [entry, added] = known.try_emplace(fragment.name.text, &fragment.name);
  if (added) return;
  context.Report(fmt::format("There can be only one fragment named \"{}\".", fragment.name.text),
                 {entry->second->offset, fragment.name.offset});
}

void KnownFragmentNames::Enter(Context& context, const SpreadVisit& visit) {
  const Name& name = visit.node.name;
  if (context.fragments().Find(name.text) != nullptr) return;
  context.Report(fmt::format("Unknown fragment \"{}\".", name.text), {name.offset});
}

void NoUnusedFragments::Leave(Context& context, const Document& document) {
  std::vector<const SelectionSet*> roots;
  for (const Definition& definition : document.definitions()) {
    if (definition.operation != nullptr) roots.push_back(definition.operation->selection_set);
  }
  std::unordered_set<std::string_view> used;
  for (const FragmentDefinition* fragment : context.fragments().Reachable(roots)) {
    used.insert(fragment->name.text);
  }
  for (const Definition& definition : document.definitions()) {
    const FragmentDefinition* fragment = definition.fragment;
    if (fragment == nullptr || used.contains(fragment->name.text)) continue;
    context.Report(fmt::format("Fragment \"{}\" is never used.", fragment->name.text),
                   {fragment->offset});
  }
}

namespace {

// Whether some object can be of both types.
bool Overlap(const NamedType& left, const NamedType& right) {
  if (&left == &right) return true;
  if (!left.IsAbstract()) return right.IsAbstract() && right.Includes(left);
  return std::ranges::any_of(left.possible, [&](const NamedType* object) {
    return object == &right || right.Includes(*object);
  });
}

}  // namespace

void PossibleFragmentSpreads::Enter(Context& context, const InlineFragmentVisit& visit) {
  const NamedType* type = visit.type;
  if (type == nullptr || !type->IsComposite() || visit.parent == nullptr) return;
  if (Overlap(*type, *visit.parent)) return;
  context.Report(
      fmt::format("Fragment cannot be spread here as objects of type \"{}\" can never be "
                  "of type \"{}\".",
                  visit.parent->name, type->name),
      {visit.node.offset});
}

void PossibleFragmentSpreads::Enter(Context& context, const SpreadVisit& visit) {
  const FragmentDefinition* fragment = context.fragments().Find(visit.node.name.text);
  if (fragment == nullptr || visit.parent == nullptr) return;
  const NamedType* type = context.schema().FindType(fragment->type_condition.text);
  if (type == nullptr || !type->IsComposite() || Overlap(*type, *visit.parent)) return;
  context.Report(fmt::format("Fragment \"{}\" cannot be spread here as objects of type \"{}\" can "
                             "never be of type \"{}\".",
                             visit.node.name.text, visit.parent->name, type->name),
                 {visit.node.offset});
}

// Depth first with a stack of its own: a chain may be as long as the document.
void NoFragmentCycles::Enter(Context& context, const FragmentDefinition& fragment) {
  struct Step {
    const FragmentDefinition* fragment;
    const std::vector<const Selection*>* spreads;
    std::size_t next;
  };
  std::vector<Step> steps;
  const auto enter = [&](const FragmentDefinition& entered) {
    if (!visited_.insert(entered.name.text).second) return;
    path_index_[entered.name.text] = path_.size();
    steps.push_back({&entered, &context.fragments().Spreads(*entered.selection_set), 0});
  };
  enter(fragment);
  while (!steps.empty()) {
    Step& step = steps.back();
    if (step.next > 0) path_.pop_back();  // the spread that was followed last
    if (step.next == step.spreads->size()) {
      path_index_.erase(step.fragment->name.text);
      steps.pop_back();
      continue;
    }
    const Selection* spread = (*step.spreads)[step.next++];
    path_.push_back(spread);
    const auto around = path_index_.find(spread->name.text);
    if (around != path_index_.end()) {
      Report(context, around->second);
    } else if (const auto* target = context.fragments().Find(spread->name.text)) {
      enter(*target);
    }
  }
}

void NoFragmentCycles::Report(Context& context, std::size_t start) const {
  std::string via;
  Offsets offsets;
  for (std::size_t i = start; i < path_.size(); ++i) {
    offsets.push_back(path_[i]->offset);
    if (i + 1 == path_.size()) break;
    via += fmt::format("{}\"{}\"", via.empty() ? " via " : ", ", path_[i]->name.text);
  }
  context.Report(
      fmt::format("Cannot spread fragment \"{}\" within itself{}.", path_.back()->name.text, via),
      std::move(offsets));
}

}  // namespace strongroom::graphql::rules
