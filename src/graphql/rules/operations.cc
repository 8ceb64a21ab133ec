#include "graphql/rules/operations.h"

#include <fmt/format.h>

#include <algorithm>

namespace strongroom::graphql::rules {

void ExecutableDefinitions::Enter(Context& context, const Document& document) {
  for (const Definition& definition : document.definitions()) {
    if (definition.system == nullptr) continue;
    const SystemDefinition& system = *definition.system;
    const std::string name = system.kind == SystemDefinition::Kind::kSchema
                                 ? "schema"
                                 : fmt::format("\"{}\"", system.name.text);
    context.Report(fmt::format("The {} definition is not executable.", name), {system.offset});
  }
}

void UniqueOperationNames::Enter(Context& context, const OperationDefinition& operation) {
  if (operation.name.empty()) return;
  const auto [entry, added] = known.try_emplace(operation.name.text, &operation.name);
  if (added) return;
  context.Report(fmt::format("There can be only one operation named \"{}\".", operation.name.text),
                 {entry->second->offset, operation.name.offset});
}

void LoneAnonymousOperation::Enter(Context&, const Document& document) {
  operations = static_cast<std::size_t>(std::ranges::count_if(
      document.definitions(),
      [](const Definition& definition) { return definition.operation != nullptr; }));
}

void LoneAnonymousOperation::Enter(Context& context, const OperationDefinition& operation) {
  if (!operation.name.empty() || operations <= 1) return;
  context.Report("This anonymous operation must be the only defined operation.",
                 {operation.offset});
}

}  // namespace strongroom::graphql::rules
