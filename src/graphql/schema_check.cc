// What has to hold between the parts of a schema (GraphQL 3.6-3.13).
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "graphql/coercion.h"
#include "graphql/schema_builder.h"

namespace strongroom::graphql {
namespace {

// Whether a field of type `type` can stand for one of type `wanted` (GraphQL 3.6,
// IsValidImplementationFieldType).
bool IsSubtype(const Type& type, const Type& wanted) {
  if (&type == &wanted) return true;
  if (wanted.IsNonNull()) return type.IsNonNull() && IsSubtype(*type.inner, *wanted.inner);
  if (type.IsNonNull()) return IsSubtype(*type.inner, wanted);
  if (type.IsList() || wanted.IsList())
    return type.IsList() && wanted.IsList() && IsSubtype(*type.inner, *wanted.inner);
  if (type.named->kind == TypeKind::kInterface)
    return std::find(type.named->interfaces.begin(), type.named->interfaces.end(), wanted.named) !=
           type.named->interfaces.end();
  return wanted.named->IsAbstract() && wanted.named->Includes(*type.named);
}

std::string_view LocationOf(SystemDefinition::Kind kind) {
  static constexpr std::string_view kNames[] = {"SCHEMA", "SCALAR", "OBJECT",       "INTERFACE",
                                                "UNION",  "ENUM",   "INPUT_OBJECT", ""};
  return kNames[static_cast<std::size_t>(kind)];
}

}  // namespace

void SchemaBuilder::Check() {
  CheckApplied(*own_);
  for (const auto& type : schema_->types_) CheckType(*type);
  if (fault_) return;  // defaults are only coerced to types that are sound
  for (const auto& type : schema_->types_) CheckDefaultsOf(*type);
  for (const DirectiveType& directive : schema_->directives_)
    for (const InputField& input : directive.arguments) CheckDefault(input, '@' + directive.name);
}

void SchemaBuilder::CheckApplied(const Document& document) {
  for (const Definition& definition : document.definitions()) CheckDefinition(*definition.system);
}

void SchemaBuilder::CheckDefinition(const SystemDefinition& definition) {
  CheckDirectives(definition.directives, LocationOf(definition.kind));
  for (const FieldDefinition& field : definition.fields) {
    CheckDirectives(field.directives, "FIELD_DEFINITION");
    CheckInputs(field.arguments, "ARGUMENT_DEFINITION");
  }
  CheckInputs(definition.inputs, definition.kind == SystemDefinition::Kind::kInput
                                     ? "INPUT_FIELD_DEFINITION"
                                     : "ARGUMENT_DEFINITION");
  for (const EnumValueDefinition& value : definition.values)
    CheckDirectives(value.directives, "ENUM_VALUE");
}

void SchemaBuilder::CheckInputs(std::span<const InputValueDefinition> inputs,
                                std::string_view location) {
  for (const InputValueDefinition& input : inputs) CheckDirectives(input.directives, location);
}

void SchemaBuilder::CheckDirectives(std::span<const Directive> directives,
                                    std::string_view location) {
  std::set<std::string_view> seen;
  for (const Directive& node : directives) {
    const DirectiveType* directive = schema_->FindDirective(node.name.text);
    if (directive == nullptr) {
      Fail(node.offset, fmt::format("directive `@{}` is not defined", node.name.text));
      continue;
    }
    if (std::find(directive->locations.begin(), directive->locations.end(), location) ==
        directive->locations.end())
      Fail(node.offset, fmt::format("directive `@{}` may not stand here", node.name.text));
    if (!seen.insert(node.name.text).second && !directive->repeatable)
      Fail(node.offset, fmt::format("directive `@{}` stands here twice", node.name.text));
    for (const Argument& argument : node.arguments)
      if (directive->FindArgument(argument.name.text) == nullptr)
        Fail(argument.name.offset, fmt::format("directive `@{}` has no argument `{}`",
                                               node.name.text, argument.name.text));
    const auto coerced = InputCoercion(nullptr).ArgumentsOf(node.arguments, directive->arguments);
    if (!coerced.ok()) Fail(node.offset, coerced.error().message);
  }
}

void SchemaBuilder::CheckType(const NamedType& type) {
  const bool empty = (type.fields.empty() && type.input_fields.empty() && type.values.empty() &&
                      type.kind != TypeKind::kUnion) ||
                     (type.kind == TypeKind::kUnion && type.possible.empty());
  if (type.kind != TypeKind::kScalar && empty)
    FailAt(type, fmt::format("type `{}` has no members", type.name));
  for (const NamedType* interface : type.interfaces) CheckImplementation(type, *interface);
  if (type.kind == TypeKind::kInputObject) CheckRequiredCycle(type);
}

void SchemaBuilder::CheckImplementation(const NamedType& type, const NamedType& interface) {
  for (const NamedType* base : interface.interfaces)
    if (std::find(type.interfaces.begin(), type.interfaces.end(), base) == type.interfaces.end())
      FailAt(type, fmt::format("`{}` must implement `{}`, because `{}` does", type.name, base->name,
                               interface.name));
  for (const FieldType& wanted : interface.fields) {
    const FieldType* field = type.FindField(wanted.name);
    if (field == nullptr)
      FailAt(type,
             fmt::format("`{}` lacks the field `{}.{}`", type.name, interface.name, wanted.name));
    else
      CheckImplementedField(type, *field, wanted, interface);
  }
}

void SchemaBuilder::CheckImplementedField(const NamedType& type, const FieldType& field,
                                          const FieldType& wanted, const NamedType& interface) {
  if (!IsSubtype(*field.type, *wanted.type))
    FailAt(type, fmt::format("`{}.{}` is `{}`, but `{}` expects `{}`", type.name, field.name,
                             field.type->text, interface.name, wanted.type->text));
  for (const InputField& argument : wanted.arguments) {
    const InputField* own = field.FindArgument(argument.name);
    if (own == nullptr || own->type != argument.type)
      FailAt(type, fmt::format("`{}.{}` must take `{}: {}`, because `{}` does", type.name,
                               field.name, argument.name, argument.type->text, interface.name));
  }
  for (const InputField& argument : field.arguments)
    if (argument.IsRequired() && wanted.FindArgument(argument.name) == nullptr)
      FailAt(type, fmt::format("`{}.{}` requires `{}`, which `{}` does not know", type.name,
                               field.name, argument.name, interface.name));
}

// An input object that needs itself could never be written (GraphQL 3.10).
void SchemaBuilder::CheckRequiredCycle(const NamedType& type) {
  std::set<const NamedType*> seen;
  std::vector<const NamedType*> open{&type};
  while (!open.empty()) {
    const NamedType* current = open.back();
    open.pop_back();
    for (const InputField& field : current->input_fields) {
      if (!field.type->IsNonNull() || field.type->inner->IsList()) continue;
      const NamedType* next = field.type->named;
      if (next == &type)
        return FailAt(type, fmt::format("input `{}` requires itself through `{}.{}`", type.name,
                                        current->name, field.name));
      if (next->kind == TypeKind::kInputObject && seen.insert(next).second) open.push_back(next);
    }
  }
}

void SchemaBuilder::CheckDefaultsOf(const NamedType& type) {
  for (const FieldType& field : type.fields)
    for (const InputField& input : field.arguments)
      CheckDefault(input, fmt::format("{}.{}", type.name, field.name));
  for (const InputField& input : type.input_fields) CheckDefault(input, type.name);
}

void SchemaBuilder::CheckDefault(const InputField& input, const std::string& where) {
  if (input.default_value == nullptr || fault_) return;
  const auto coerced = InputCoercion(nullptr).FromLiteral(*input.default_value, *input.type);
  if (!coerced.ok())
    Fail(input.default_value->offset, fmt::format("default of `{}.{}` does not fit: {}", where,
                                                  input.name, coerced.error().message));
}

}  // namespace strongroom::graphql
