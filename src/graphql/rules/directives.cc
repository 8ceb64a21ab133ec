#include "graphql/rules/directives.h"

#include <fmt/format.h>

#include <algorithm>

namespace strongroom::graphql::rules {

void KnownDirectives::Enter(Context& context, const DirectiveVisit& visit) {
  const std::string_view name = visit.node.name.text;
  const SystemDefinition* defined = context.DefinedDirective(name);
  if (defined == nullptr && visit.type == nullptr) {
    context.Report(fmt::format("Unknown directive \"@{}\".", name), {visit.node.offset});
    return;
  }
  const bool fits =
      defined != nullptr
          ? std::ranges::find(defined->names, visit.location, &Name::text) != defined->names.end()
          : std::ranges::find(visit.type->locations, visit.location) != visit.type->locations.end();
  if (fits) return;
  context.Report(fmt::format("Directive \"@{}\" may not be used on {}.", name, visit.location),
                 {visit.node.offset});
}

namespace {

bool IsKnownAsUnique(const Context& context, std::string_view name) {
  if (const SystemDefinition* defined = context.DefinedDirective(name)) return !defined->repeatable;
  const DirectiveType* type = context.schema().FindDirective(name);
  return type != nullptr && !type->repeatable;
}

}  // namespace

void UniqueDirectivesPerLocation::Check(Context& context, std::span<const Directive> directives,
                                        Seen& seen) {
  if (directives.empty()) return;
  for (const Directive& directive : directives) {
    const std::string_view name = directive.name.text;
    if (!IsKnownAsUnique(context, name)) continue;
    const auto [entry, added] = seen.try_emplace(name, &directive);
    if (added) continue;
    context.Report(
        fmt::format("The directive \"@{}\" can only be used once at this location.", name),
        {entry->second->offset, directive.offset});
  }
}

void UniqueDirectivesPerLocation::Enter(Context& context, const SystemDefinition& definition) {
  switch (definition.kind) {
    case SystemDefinition::Kind::kSchema: return Check(context, definition.directives, on_schema_);
    case SystemDefinition::Kind::kDirective:
      return Check(context, definition.directives, on_directives_[definition.name.text]);
    default: return Check(context, definition.directives, on_types_[definition.name.text]);
  }
}

}  // namespace strongroom::graphql::rules
