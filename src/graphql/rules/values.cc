#include "graphql/rules/values.h"

#include <fmt/format.h>

#include <algorithm>

#include "graphql/leaf.h"
#include "graphql/literal_text.h"
#include "graphql/rules/suggestions.h"

namespace strongroom::graphql::rules {

namespace {

void ReportUnexpected(Context& context, const Value& value, const Type& type) {
  context.Report(
      fmt::format("Expected value of type \"{}\", found {}.", type.text, LiteralText(value)),
      {context.OffsetOf(value)});
}

std::string EnumSuggestion(const Value& value, const NamedType& type) {
  std::vector<std::string_view> names;
  for (const EnumValue& known : type.values) names.emplace_back(known.name);
  return DidYouMean("the enum value", NearestNames(LiteralText(value), names));
}

// A literal other than null for what should be a leaf. Custom scalars take every literal.
void CheckLeaf(Context& context, const Value& value, const Type* type) {
  if (type == nullptr) return;
  const NamedType& leaf = *type->named;
  if (!leaf.IsLeaf()) return ReportUnexpected(context, value, *type);
  if (leaf.kind == TypeKind::kScalar && leaf.built_in == BuiltIn::kCustom) return;
  auto read = LeafFromLiteral(value, leaf);
  if (read.ok()) return;
  std::string fault = std::move(read).error().message;
  if (leaf.kind == TypeKind::kEnum && context.options().suggestions) {
    fault += EnumSuggestion(value, leaf);
  }
  context.Report(std::move(fault), {context.OffsetOf(value)});
}

void CheckRequiredFields(Context& context, const Value& object, const NamedType& type) {
  for (const InputField& field : type.input_fields) {
    if (!field.IsRequired()) continue;
    const bool given = std::ranges::any_of(
        object.fields, [&](const ObjectField& sent) { return sent.name.text == field.name; });
    if (given) continue;
    context.Report(fmt::format("Field \"{}.{}\" of required type \"{}\" was not provided.",
                               type.name, field.name, field.type->text),
                   {object.offset});
  }
}

}  // namespace

void ValuesOfCorrectType::Enter(Context& context, const VariableDefinition& variable) {
  const std::string& computed = context.options().computed_default_directive;
  if (computed.empty() || variable.default_value == nullptr) return;
  const bool is_computed = std::ranges::any_of(
      variable.directives, [&](const Directive& d) { return d.name.text == computed; });
  if (is_computed) skipping_ = variable.default_value;
}

void ValuesOfCorrectType::Enter(Context& context, const ValueVisit& visit) {
  if (skipping_ != nullptr) return;
  switch (visit.node.kind) {
    case Value::Kind::kVariable: return;
    case Value::Kind::kNull:
      if (visit.type != nullptr && visit.type->IsNonNull()) {
        ReportUnexpected(context, visit.node, *visit.type);
      }
      return;
    case Value::Kind::kList: {
      const Type* type = visit.type == nullptr ? nullptr : visit.type->Nullable();
      if (type != nullptr && type->IsList()) return;
      CheckLeaf(context, visit.node, type);
      skipping_ = &visit.node;
      return;
    }
    case Value::Kind::kObject:
      if (visit.type != nullptr && visit.type->named->kind == TypeKind::kInputObject) {
        return CheckRequiredFields(context, visit.node, *visit.type->named);
      }
      CheckLeaf(context, visit.node, visit.type);
      skipping_ = &visit.node;
      return;
    default: return CheckLeaf(context, visit.node, visit.type);
  }
}

void ValuesOfCorrectType::Leave(Context&, const ValueVisit& visit) {
  if (skipping_ == &visit.node) skipping_ = nullptr;
}

void ValuesOfCorrectType::Enter(Context& context, const ObjectFieldVisit& visit) {
  if (skipping_ != nullptr || visit.type != nullptr || visit.object_type == nullptr) return;
  const NamedType& object = *visit.object_type->named;
  if (object.kind != TypeKind::kInputObject) return;
  const Name& name = visit.node.name;
  std::string suggestion;
  if (context.options().suggestions) {
    std::vector<std::string_view> names;
    for (const InputField& field : object.input_fields) names.emplace_back(field.name);
    suggestion = DidYouMean({}, NearestNames(name.text, names));
  }
  context.Report(fmt::format("Field \"{}\" is not defined by type \"{}\".{}", name.text,
                             object.name, suggestion),
                 {name.offset});
}

void UniqueInputFieldNames::Enter(Context&, const ValueVisit& visit) {
  if (visit.node.kind == Value::Kind::kObject) known_.emplace_back();
}

void UniqueInputFieldNames::Leave(Context&, const ValueVisit& visit) {
  if (visit.node.kind == Value::Kind::kObject) known_.pop_back();
}

void UniqueInputFieldNames::Enter(Context& context, const ObjectFieldVisit& visit) {
  const Name& name = visit.node.name;
  const auto [entry, added] = known_.back().try_emplace(name.text, &name);
  if (added) return;
  context.Report(fmt::format("There can be only one input field named \"{}\".", name.text),
                 {entry->second->offset, name.offset});
}

}  // namespace strongroom::graphql::rules
