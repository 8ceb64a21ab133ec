#include "graphql/introspection.h"

#include <algorithm>
#include <unordered_set>

#include "graphql/literal_text.h"

namespace strongroom::graphql {
namespace {

using I = Introspection;
using C = FieldContext;

template <typename T>
Resolved Handle(const T& value) {
  return Object::Borrow(nullptr, &value);
}

Resolved TextOrNull(const std::string& text) {
  return text.empty() ? Resolved() : Resolved(std::string_view(text));
}

Resolved TextOrNull(const std::optional<std::string>& text) {
  return text ? Resolved(std::string_view(*text)) : Resolved();
}

// A __Type stands on a Type, so that wrappers have a handle too.
Resolved TypeHandle(const I& in, const NamedType* type) {
  return type == nullptr ? Resolved() : Handle(*in.schema().UseOf(*type));
}

template <typename Types>
Resolved TypeHandles(const I& in, const Types& types) {
  Resolved::List list;
  for (const NamedType* type : types) list.push_back(TypeHandle(in, type));
  return list;
}

// The members that the caller wants to see.
template <typename T>
Resolved Members(const C& context, const std::vector<T>& members) {
  const Input* all = context.arguments.Find("includeDeprecated");
  const bool deprecated = all != nullptr && !all->IsNull() && all->AsBool();
  Resolved::List list;
  for (const T& member : members)
    if (deprecated || !member.deprecation_reason) list.push_back(Handle(member));
  return list;
}

const Type& TypeOf(const C& c) { return c.parent.As<Type>(); }
// The named type; null for a wrapper.
const NamedType* NamedOf(const C& c) {
  return TypeOf(c).kind == Type::Kind::kNamed ? TypeOf(c).named : nullptr;
}

Resolved Kind(const I&, const C& c) {
  static constexpr std::string_view kNames[] = {"SCALAR", "OBJECT", "INTERFACE",
                                                "UNION",  "ENUM",   "INPUT_OBJECT"};
  if (TypeOf(c).IsList()) return "LIST";
  if (TypeOf(c).IsNonNull()) return "NON_NULL";
  return kNames[static_cast<std::size_t>(TypeOf(c).named->kind)];
}

Resolved TypeName(const I&, const C& c) {
  return NamedOf(c) == nullptr ? Resolved() : TextOrNull(NamedOf(c)->name);
}

Resolved TypeDescription(const I&, const C& c) {
  return NamedOf(c) == nullptr ? Resolved() : TextOrNull(NamedOf(c)->description);
}

Resolved SpecifiedBy(const I&, const C& c) {
  return NamedOf(c) == nullptr ? Resolved() : TextOrNull(NamedOf(c)->specified_by_url);
}

bool HasFields(const NamedType* type) {
  return type != nullptr && (type->kind == TypeKind::kObject || type->kind == TypeKind::kInterface);
}

Resolved Fields(const I&, const C& c) {
  return HasFields(NamedOf(c)) ? Members(c, NamedOf(c)->fields) : Resolved();
}

Resolved Interfaces(const I& in, const C& c) {
  return HasFields(NamedOf(c)) ? TypeHandles(in, NamedOf(c)->interfaces) : Resolved();
}

Resolved PossibleTypes(const I& in, const C& c) {
  const NamedType* type = NamedOf(c);
  return type != nullptr && type->IsAbstract() ? TypeHandles(in, type->possible) : Resolved();
}

Resolved EnumValues(const I&, const C& c) {
  const NamedType* type = NamedOf(c);
  return type != nullptr && type->kind == TypeKind::kEnum ? Members(c, type->values) : Resolved();
}

Resolved InputFields(const I&, const C& c) {
  const NamedType* type = NamedOf(c);
  return type != nullptr && type->kind == TypeKind::kInputObject ? Members(c, type->input_fields)
                                                                 : Resolved();
}

Resolved OfType(const I&, const C& c) {
  return TypeOf(c).inner == nullptr ? Resolved() : Handle(*TypeOf(c).inner);
}

// What fields, inputs, enum values and directives have in common.
template <typename T>
Resolved NameOf(const I&, const C& c) {
  return std::string_view(c.parent.As<T>().name);
}
template <typename T>
Resolved DescriptionOf(const I&, const C& c) {
  return TextOrNull(c.parent.As<T>().description);
}
template <typename T>
Resolved ArgumentsOf(const I&, const C& c) {
  return Members(c, c.parent.As<T>().arguments);
}
template <typename T>
Resolved ValueType(const I&, const C& c) {
  return Handle(*c.parent.As<T>().type);
}
template <typename T>
Resolved IsDeprecated(const I&, const C& c) {
  return c.parent.As<T>().deprecation_reason.has_value();
}
template <typename T>
Resolved DeprecationReason(const I&, const C& c) {
  return TextOrNull(c.parent.As<T>().deprecation_reason);
}

Resolved DefaultValue(const I&, const C& c) {
  const Value* value = c.parent.As<InputField>().default_value;
  return value == nullptr ? Resolved() : Resolved(LiteralText(*value));
}

Resolved Locations(const I&, const C& c) {
  Resolved::List list;
  for (const std::string& location : c.parent.As<DirectiveType>().locations)
    list.emplace_back(std::string_view(location));
  return list;
}

Resolved IsRepeatable(const I&, const C& c) { return c.parent.As<DirectiveType>().repeatable; }

Resolved Directives(const I& in, const C&) {
  Resolved::List list;
  for (const DirectiveType& directive : in.schema().directives()) list.push_back(Handle(directive));
  return list;
}

template <OperationKind kind>
Resolved RootType(const I& in, const C&) {
  return TypeHandle(in, in.schema().Root(kind));
}

Resolved TypeNamed(const I& in, const C& c) {
  const NamedType* type = in.schema().FindType(c.arguments.Find("name")->AsString());
  const auto& listed = in.types();
  const bool known = std::find(listed.begin(), listed.end(), type) != listed.end();
  return TypeHandle(in, known ? type : nullptr);
}

template <typename T>
void Refer(const std::vector<T>& members, std::unordered_set<const NamedType*>& referred) {
  for (const T& member : members) {
    referred.insert(member.type->named);
    if constexpr (requires { member.arguments; }) Refer(member.arguments, referred);
  }
}

}  // namespace

Introspection::Introspection(const Schema& schema) : schema_(schema) {
  std::unordered_set<const NamedType*> referred;
  for (const auto& type : schema.types()) {
    Refer(type->fields, referred);
    Refer(type->input_fields, referred);
  }
  for (const DirectiveType& directive : schema.directives()) Refer(directive.arguments, referred);
  for (const auto& type : schema.types())
    if (type->built_in == BuiltIn::kCustom || referred.contains(type.get()))
      types_.push_back(type.get());
}

const std::vector<Introspection::Row>& Introspection::Rows() {
  static const std::vector<Row> kRows = {
      {"", "__schema", [](const I& in, const C&) { return Handle(in.schema()); }},
      {"", "__type", TypeNamed},
      {"__Schema", "description",
       [](const I& in, const C&) { return TextOrNull(in.schema().description()); }},
      {"__Schema", "types", [](const I& in, const C&) { return TypeHandles(in, in.types()); }},
      {"__Schema", "queryType", RootType<OperationKind::kQuery>},
      {"__Schema", "mutationType", RootType<OperationKind::kMutation>},
      {"__Schema", "subscriptionType", RootType<OperationKind::kSubscription>},
      {"__Schema", "directives", Directives},
      {"__Type", "kind", Kind},
      {"__Type", "name", TypeName},
      {"__Type", "description", TypeDescription},
      {"__Type", "specifiedByURL", SpecifiedBy},
      {"__Type", "fields", Fields},
      {"__Type", "interfaces", Interfaces},
      {"__Type", "possibleTypes", PossibleTypes},
      {"__Type", "enumValues", EnumValues},
      {"__Type", "inputFields", InputFields},
      {"__Type", "ofType", OfType},
      {"__Field", "name", NameOf<FieldType>},
      {"__Field", "description", DescriptionOf<FieldType>},
      {"__Field", "args", ArgumentsOf<FieldType>},
      {"__Field", "type", ValueType<FieldType>},
      {"__Field", "isDeprecated", IsDeprecated<FieldType>},
      {"__Field", "deprecationReason", DeprecationReason<FieldType>},
      {"__InputValue", "name", NameOf<InputField>},
      {"__InputValue", "description", DescriptionOf<InputField>},
      {"__InputValue", "type", ValueType<InputField>},
      {"__InputValue", "defaultValue", DefaultValue},
      {"__InputValue", "isDeprecated", IsDeprecated<InputField>},
      {"__InputValue", "deprecationReason", DeprecationReason<InputField>},
      {"__EnumValue", "name", NameOf<EnumValue>},
      {"__EnumValue", "description", DescriptionOf<EnumValue>},
      {"__EnumValue", "isDeprecated", IsDeprecated<EnumValue>},
      {"__EnumValue", "deprecationReason", DeprecationReason<EnumValue>},
      {"__Directive", "name", NameOf<DirectiveType>},
      {"__Directive", "description", DescriptionOf<DirectiveType>},
      {"__Directive", "isRepeatable", IsRepeatable},
      {"__Directive", "locations", Locations},
      {"__Directive", "args", ArgumentsOf<DirectiveType>},
  };
  return kRows;
}

}  // namespace strongroom::graphql
