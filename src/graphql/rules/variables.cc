#include "graphql/rules/variables.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "graphql/rules/grouped.h"

namespace strongroom::graphql::rules {

void UniqueVariableNames::Enter(Context& context, const OperationDefinition& operation) {
  for (const auto& group : Repeated(operation.variables)) {
    Offsets offsets;
    for (const VariableDefinition* variable : group) offsets.push_back(variable->name.offset);
    context.Report(
        fmt::format("There can be only one variable named \"${}\".", group[0]->name.text),
        std::move(offsets));
  }
}

void NoUndefinedVariables::Leave(Context& context, const OperationDefinition& operation) {
  std::unordered_set<std::string_view> defined;
  for (const VariableDefinition& variable : operation.variables) defined.insert(variable.name.text);
  for (const VariableUsage& usage : context.variable_usages().Of(context, operation)) {
    const std::string_view name = usage.node->text;
    if (defined.contains(name)) continue;
    const std::string by = operation.name.empty()
                               ? std::string()
                               : fmt::format(" by operation \"{}\"", operation.name.text);
    context.Report(fmt::format("Variable \"${}\" is not defined{}.", name, by),
                   {usage.node->offset, operation.offset});
    if (context.aborted()) return;
  }
}

void NoUnusedVariables::Leave(Context& context, const OperationDefinition& operation) {
  if (operation.variables.empty()) return;
  std::unordered_set<std::string_view> used;
  for (const VariableUsage& usage : context.variable_usages().Of(context, operation)) {
    used.insert(usage.node->text);
  }
  for (const VariableDefinition& variable : operation.variables) {
    if (used.contains(variable.name.text)) continue;
    const std::string in = operation.name.empty()
                               ? std::string()
                               : fmt::format(" in operation \"{}\"", operation.name.text);
    context.Report(fmt::format("Variable \"${}\" is never used{}.", variable.name.text, in),
                   {variable.offset});
  }
}

namespace {

// AreTypesCompatible (§5.8.5): every value of `variable` is one of `location`.
bool AreCompatible(const Type* variable, const Type* location) {
  while (true) {
    if (location->IsNonNull()) {
      if (!variable->IsNonNull()) return false;
      location = location->inner;
    }
    variable = variable->Nullable();
    if (location->IsList() != variable->IsList()) return false;
    if (!location->IsList()) return location->named == variable->named;
    location = location->inner;
    variable = variable->inner;
  }
}

// IsVariableUsageAllowed (§5.8.5).
bool IsAllowed(const VariableDefinition& definition, const Type* variable,
               const VariableUsage& usage) {
  if (!usage.type->IsNonNull() || variable->IsNonNull()) {
    return AreCompatible(variable, usage.type);
  }
  const bool has_value =
      definition.default_value != nullptr && definition.default_value->kind != Value::Kind::kNull;
  return (has_value || usage.has_default) && AreCompatible(variable, usage.type->inner);
}

}  // namespace

void VariablesInAllowedPosition::Leave(Context& context, const OperationDefinition& operation) {
  std::unordered_map<std::string_view, const VariableDefinition*> definitions;
  for (const VariableDefinition& variable : operation.variables) {
    definitions[variable.name.text] = &variable;
  }
  for (const VariableUsage& usage : context.variable_usages().Of(context, operation)) {
    const auto definition = definitions.find(usage.node->text);
    if (definition == definitions.end() || usage.type == nullptr) continue;
    const Type* type = context.Resolve(*definition->second->type);
    if (type == nullptr || IsAllowed(*definition->second, type, usage)) continue;
    context.Report(fmt::format("Variable \"${}\" of type \"{}\" used in position expecting type "
                               "\"{}\".",
                               usage.node->text, type->text, usage.type->text),
                   {definition->second->offset, usage.node->offset});
    if (context.aborted()) return;
  }
}

}  // namespace strongroom::graphql::rules
