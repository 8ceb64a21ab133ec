#include <fmt/format.h>

#include "graphql/literal_text.h"
#include "graphql/schema.h"

namespace strongroom::graphql {
namespace {

constexpr std::string_view kDefaultReason = "No longer supported";

std::string Deprecated(const std::optional<std::string>& reason) {
  if (!reason) return {};
  if (*reason == kDefaultReason) return " @deprecated";
  return fmt::format(" @deprecated(reason: {})", StringLiteral(*reason));
}

std::string InputText(const InputField& input) {
  std::string out = fmt::format("{}: {}", input.name, input.type->text);
  if (input.default_value != nullptr) out += " = " + LiteralText(*input.default_value);
  return out + Deprecated(input.deprecation_reason);
}

std::string ArgumentsText(const std::vector<InputField>& arguments, const std::string& indent) {
  if (arguments.empty()) return {};
  bool described = false;
  for (const InputField& argument : arguments) described |= !argument.description.empty();
  std::string out = described ? "(\n" : "(";
  for (const InputField& argument : arguments) {
    const bool first = &argument == &arguments.front();
    if (described) {
      out += DescriptionText(argument.description, indent + "  ", first);
      out += fmt::format("{}  {}\n", indent, InputText(argument));
    } else {
      out += (first ? "" : ", ") + InputText(argument);
    }
  }
  return out + (described ? indent + ")" : ")");
}

// ` {` line* `}`, each member after its description; nothing when there is no member.
template <typename Members, typename Text>
std::string Block(const Members& members, Text text) {
  if (members.empty()) return {};
  std::string out = " {\n";
  for (const auto& member : members) {
    out += DescriptionText(member.description, "  ", &member == &members.front());
    out += fmt::format("  {}\n", text(member));
  }
  return out + "}";
}

std::string FieldsText(const NamedType& type) {
  return Block(type.fields, [](const FieldType& field) {
    return fmt::format("{}{}: {}{}", field.name, ArgumentsText(field.arguments, "  "),
                       field.type->text, Deprecated(field.deprecation_reason));
  });
}

std::string NamesText(const char* before, const char* between,
                      const std::vector<const NamedType*>& types) {
  std::string out;
  for (const NamedType* type : types) out += (out.empty() ? before : between) + type->name;
  return out;
}

std::string TypeText(const NamedType& type) {
  switch (type.kind) {
    case TypeKind::kScalar:
      return "scalar " + type.name +
             (type.specified_by_url
                  ? fmt::format(" @specifiedBy(url: {})", StringLiteral(*type.specified_by_url))
                  : "");
    case TypeKind::kObject:
    case TypeKind::kInterface:
      return (type.kind == TypeKind::kObject ? "type " : "interface ") + type.name +
             NamesText(" implements ", " & ", type.interfaces) + FieldsText(type);
    case TypeKind::kUnion: return "union " + type.name + NamesText(" = ", " | ", type.possible);
    case TypeKind::kEnum:
      return "enum " + type.name + Block(type.values, [](const EnumValue& value) {
               return value.name + Deprecated(value.deprecation_reason);
             });
    case TypeKind::kInputObject: break;
  }
  return "input " + type.name + Block(type.input_fields, InputText);
}

std::string DirectiveText(const DirectiveType& directive) {
  std::string out =
      fmt::format("directive @{}{}{} on ", directive.name, ArgumentsText(directive.arguments, ""),
                  directive.repeatable ? " repeatable" : "");
  for (const std::string& location : directive.locations)
    out += (&location == &directive.locations.front() ? "" : " | ") + location;
  return out;
}

// Empty when the roots have their usual names and there is nothing else to say.
std::string SchemaText(const Schema& schema) {
  static constexpr std::pair<OperationKind, std::string_view> kRoots[] = {
      {OperationKind::kQuery, "Query"},
      {OperationKind::kMutation, "Mutation"},
      {OperationKind::kSubscription, "Subscription"}};
  static constexpr std::string_view kWords[] = {"query", "mutation", "subscription"};
  bool usual = schema.description().empty();
  std::string out = "schema {\n";
  for (const auto& [kind, name] : kRoots) {
    const NamedType* root = schema.Root(kind);
    // A type of a usual name that is no root would become one when the text is read again.
    if (root == nullptr ? schema.FindType(name) != nullptr : root->name != name) usual = false;
    if (root != nullptr)
      out += fmt::format("  {}: {}\n", kWords[static_cast<std::size_t>(kind)], root->name);
  }
  return usual ? std::string() : out + "}";
}

}  // namespace

std::string PrintSchema(const Schema& schema) {
  std::string out;
  const auto add = [&](const std::string& description, const std::string& text) {
    if (text.empty()) return;
    if (!out.empty()) out += "\n\n";
    out += DescriptionText(description, "", true) + text;
  };
  add(schema.description(), SchemaText(schema));
  for (const DirectiveType& directive : schema.directives())
    if (!directive.built_in) add(directive.description, DirectiveText(directive));
  for (const auto& type : schema.types())
    if (type->built_in == BuiltIn::kCustom && !type->introspection)
      add(type->description, TypeText(*type));
  return out;
}

}  // namespace strongroom::graphql
