#include "graphql/rules/arguments.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "graphql/rules/grouped.h"
#include "graphql/rules/suggestions.h"

namespace strongroom::graphql::rules {

namespace {

// What a field or directive declares, wherever it is declared.
struct Declared {
  std::string_view name;
  std::string type;
  bool required;
};

std::vector<Declared> DeclaredBy(const std::vector<InputField>& arguments) {
  std::vector<Declared> declared;
  for (const InputField& argument : arguments) {
    declared.push_back({argument.name, argument.type->text, argument.IsRequired()});
  }
  return declared;
}

// A directive that the document itself defines counts for more than one of the schema.
std::optional<std::vector<Declared>> DeclaredBy(const Context& context,
                                                const DirectiveVisit& visit) {
  const SystemDefinition* defined = context.DefinedDirective(visit.node.name.text);
  if (defined == nullptr) {
    if (visit.type == nullptr) return std::nullopt;
    return DeclaredBy(visit.type->arguments);
  }
  std::vector<Declared> declared;
  for (const InputValueDefinition& argument : defined->inputs) {
    const bool required =
        argument.type->kind == TypeNode::Kind::kNonNull && argument.default_value == nullptr;
    declared.push_back({argument.name.text, PrintType(*argument.type), required});
  }
  return declared;
}

std::string Suggestion(const Context& context, std::string_view name,
                       const std::vector<Declared>& declared) {
  if (!context.options().suggestions) return {};
  std::vector<std::string_view> names;
  for (const Declared& argument : declared) names.push_back(argument.name);
  return DidYouMean({}, NearestNames(name, names));
}

void CheckUnique(Context& context, std::span<const Argument> arguments) {
  for (const auto& group : Repeated(arguments)) {
    Offsets offsets;
    for (const Argument* argument : group) offsets.push_back(argument->name.offset);
    context.Report(fmt::format("There can be only one argument named \"{}\".", group[0]->name.text),
                   std::move(offsets));
  }
}

bool Provides(std::span<const Argument> arguments, std::string_view name) {
  return std::ranges::any_of(arguments,
                             [&](const Argument& argument) { return argument.name.text == name; });
}

}  // namespace

void KnownArgumentNames::Enter(Context& context, const ArgumentVisit& visit) {
  if (visit.argument != nullptr || visit.field == nullptr) return;
  const std::string_view name = visit.node.name.text;
  context.Report(
      fmt::format("Unknown argument \"{}\" on field \"{}.{}\".{}", name, visit.parent->name,
                  visit.field->name, Suggestion(context, name, DeclaredBy(visit.field->arguments))),
      {visit.node.name.offset});
}

void KnownArgumentNames::Enter(Context& context, const DirectiveVisit& visit) {
  if (visit.node.arguments.empty()) return;
  const auto declared = DeclaredBy(context, visit);
  if (!declared) return;
  for (const Argument& argument : visit.node.arguments) {
    const std::string_view name = argument.name.text;
    if (std::ranges::find(*declared, name, &Declared::name) != declared->end()) continue;
    context.Report(fmt::format("Unknown argument \"{}\" on directive \"@{}\".{}", name,
                               visit.node.name.text, Suggestion(context, name, *declared)),
                   {argument.name.offset});
  }
}

void UniqueArgumentNames::Enter(Context& context, const FieldVisit& visit) {
  CheckUnique(context, visit.node.arguments);
}

void UniqueArgumentNames::Enter(Context& context, const DirectiveVisit& visit) {
  CheckUnique(context, visit.node.arguments);
}

void ProvidedRequiredArguments::Leave(Context& context, const FieldVisit& visit) {
  if (visit.field == nullptr) return;
  for (const InputField& argument : visit.field->arguments) {
    if (!argument.IsRequired() || Provides(visit.node.arguments, argument.name)) continue;
    context.Report(fmt::format("Field \"{}\" argument \"{}\" of type \"{}\" is required, but it "
                               "was not provided.",
                               visit.field->name, argument.name, argument.type->text),
                   {visit.node.offset});
  }
}

void ProvidedRequiredArguments::Leave(Context& context, const DirectiveVisit& visit) {
  const auto declared = DeclaredBy(context, visit);
  if (!declared) return;
  for (const Declared& argument : *declared) {
    if (!argument.required || Provides(visit.node.arguments, argument.name)) continue;
    context.Report(fmt::format("Directive \"@{}\" argument \"{}\" of type \"{}\" is required, but "
                               "it was not provided.",
                               visit.node.name.text, argument.name, argument.type),
                   {visit.node.offset});
  }
}

}  // namespace strongroom::graphql::rules
