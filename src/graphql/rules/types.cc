#include "graphql/rules/types.h"

#include <fmt/format.h>

#include "graphql/rules/suggestions.h"

namespace strongroom::graphql::rules {

void KnownTypeNames::Enter(Context& context, const TypeNameVisit& visit) {
  const std::string_view name = visit.name.text;
  if (context.schema().FindType(name) != nullptr || context.DefinedType(name) != nullptr) return;
  std::string suggestion;
  if (context.options().suggestions) {
    std::vector<std::string_view> names;
    for (const auto& type : context.schema().types()) names.emplace_back(type->name);
    for (const auto& [defined, definition] : context.defined_types()) {
      if (context.schema().FindType(defined) == nullptr) names.push_back(defined);
    }
    suggestion = DidYouMean({}, NearestNames(name, names));
  }
  context.Report(fmt::format("Unknown type \"{}\".{}", name, suggestion), {visit.name.offset});
}

namespace {

// False for types that nobody knows: another rule reports them.
bool IsKnownAndNotComposite(const Context& context, const Name& name) {
  const NamedType* type = context.schema().FindType(name.text);
  return type != nullptr && !type->IsComposite();
}

}  // namespace

void FragmentsOnCompositeTypes::Enter(Context& context, const InlineFragmentVisit& visit) {
  const Name& condition = visit.node.type_condition;
  if (condition.empty() || !IsKnownAndNotComposite(context, condition)) return;
  context.Report(
      fmt::format("Fragment cannot condition on non composite type \"{}\".", condition.text),
      {condition.offset});
}

void FragmentsOnCompositeTypes::Enter(Context& context, const FragmentDefinition& fragment) {
  const Name& condition = fragment.type_condition;
  if (!IsKnownAndNotComposite(context, condition)) return;
  context.Report(fmt::format("Fragment \"{}\" cannot condition on non composite type \"{}\".",
                             fragment.name.text, condition.text),
                 {condition.offset});
}

void VariablesAreInputTypes::Enter(Context& context, const VariableDefinition& variable) {
  const Type* type = context.Resolve(*variable.type);
  if (type == nullptr || type->named->IsInput()) return;
  context.Report(fmt::format("Variable \"${}\" cannot be non-input type \"{}\".",
                             variable.name.text, PrintType(*variable.type)),
                 {variable.type->offset});
}

}  // namespace strongroom::graphql::rules
