// The members of types, of definitions and extensions alike.
#include <fmt/format.h>

#include <algorithm>

#include "graphql/schema_builder.h"

namespace strongroom::graphql {
namespace {

template <typename T>
bool Has(const std::vector<T>& members, std::string_view name) {
  return std::any_of(members.begin(), members.end(), [&](const T& m) { return m.name == name; });
}

const Value* ArgumentOf(const Directive& directive, std::string_view name) {
  for (const Argument& argument : directive.arguments)
    if (argument.name.text == name) return argument.value;
  return nullptr;
}

}  // namespace

void SchemaBuilder::FillType(const SystemDefinition& definition, NamedType& type) {
  using Kind = SystemDefinition::Kind;
  static constexpr Kind kKinds[] = {Kind::kScalar, Kind::kObject, Kind::kInterface,
                                    Kind::kUnion,  Kind::kEnum,   Kind::kInput};
  if (definition.kind != kKinds[static_cast<std::size_t>(type.kind)])
    return Fail(definition.name.offset,
                fmt::format("extension of `{}` is of another kind than the type", type.name));
  AddInterfaces(definition, type);
  AddFields(definition, type);
  AddMembers(definition, type);
  AddValues(definition, type);
  AddInputs(definition.inputs, type.name, type.input_fields);
  for (const Directive& directive : definition.directives)
    if (const Value* url = ArgumentOf(directive, "url");
        directive.name.text == "specifiedBy" && url != nullptr)
      type.specified_by_url = url->text;
}

void SchemaBuilder::AddInterfaces(const SystemDefinition& definition, NamedType& type) {
  for (const Name& name : definition.interfaces) {
    const NamedType* interface = schema_->FindType(name.text);
    if (interface == nullptr)
      Fail(name.offset, fmt::format("type `{}` is not defined", name.text));
    else if (interface->kind != TypeKind::kInterface || interface == &type)
      Fail(name.offset, fmt::format("`{}` cannot implement `{}`", type.name, name.text));
    else if (std::find(type.interfaces.begin(), type.interfaces.end(), interface) !=
             type.interfaces.end())
      Fail(name.offset, fmt::format("`{}` implements `{}` twice", type.name, name.text));
    else
      type.interfaces.push_back(interface);
  }
}

void SchemaBuilder::AddFields(const SystemDefinition& definition, NamedType& type) {
  for (const FieldDefinition& node : definition.fields) {
    if (Has(type.fields, node.name.text))
      Fail(node.name.offset,
           fmt::format("field `{}.{}` is defined twice", type.name, node.name.text));
    if (node.name.text.starts_with("__"))
      Fail(node.name.offset,
           fmt::format("`{}` begins with two underscores, which is reserved", node.name.text));
    FieldType field;
    field.name = node.name.text;
    field.description = node.description;
    AddInputs(node.arguments, fmt::format("{}.{}", type.name, node.name.text), field.arguments);
    for (std::size_t i = 0; i < field.arguments.size(); ++i) field.arguments[i].index = i;
    field.type = Use(*node.type);
    if (field.type != nullptr && field.type->named->kind == TypeKind::kInputObject)
      Fail(node.type->offset, fmt::format("field `{}.{}` cannot be of input type `{}`", type.name,
                                          field.name, field.type->text));
    field.deprecation_reason = Reason(node.directives);
    type.fields.push_back(std::move(field));
  }
}

void SchemaBuilder::AddMembers(const SystemDefinition& definition, NamedType& type) {
  if (type.kind != TypeKind::kUnion) return;
  for (const Name& name : definition.names) {
    const NamedType* member = schema_->FindType(name.text);
    if (member == nullptr)
      Fail(name.offset, fmt::format("type `{}` is not defined", name.text));
    else if (member->kind != TypeKind::kObject)
      Fail(name.offset, fmt::format("union `{}` cannot have `{}`, which is not an object type",
                                    type.name, name.text));
    else if (type.Includes(*member))
      Fail(name.offset, fmt::format("union `{}` has `{}` twice", type.name, name.text));
    else
      type.possible.push_back(member);
  }
}

void SchemaBuilder::AddValues(const SystemDefinition& definition, NamedType& type) {
  for (const EnumValueDefinition& node : definition.values) {
    if (Has(type.values, node.name.text))
      Fail(node.name.offset,
           fmt::format("value `{}.{}` is defined twice", type.name, node.name.text));
    type.values.push_back(
        {std::string(node.name.text), std::string(node.description), Reason(node.directives), 0});
  }
}

void SchemaBuilder::AddInputs(std::span<const InputValueDefinition> inputs,
                              const std::string& where, std::vector<InputField>& out) {
  for (const InputValueDefinition& node : inputs) {
    if (Has(out, node.name.text))
      Fail(node.name.offset, fmt::format("`{}.{}` is defined twice", where, node.name.text));
    if (node.name.text.starts_with("__"))
      Fail(node.name.offset,
           fmt::format("`{}` begins with two underscores, which is reserved", node.name.text));
    InputField input;
    input.name = node.name.text;
    input.description = node.description;
    input.type = Use(*node.type);
    input.default_value = node.default_value;
    input.deprecation_reason = Reason(node.directives);
    if (input.type != nullptr && !input.type->named->IsInput())
      Fail(node.type->offset, fmt::format("`{}.{}` cannot be of output type `{}`", where,
                                          input.name, input.type->text));
    else if (input.type != nullptr && input.IsRequired() && input.deprecation_reason)
      Fail(node.name.offset,
           fmt::format("`{}.{}` is required and cannot be deprecated", where, input.name));
    out.push_back(std::move(input));
  }
}

std::optional<std::string> SchemaBuilder::Reason(std::span<const Directive> directives) const {
  for (const Directive& directive : directives) {
    if (directive.name.text != "deprecated") continue;
    const Value* reason = ArgumentOf(directive, "reason");
    if (reason == nullptr) return "No longer supported";
    if (reason->kind == Value::Kind::kString) return std::string(reason->text);
  }
  return std::nullopt;
}

}  // namespace strongroom::graphql
