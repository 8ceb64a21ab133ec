#include "graphql/rules/literal_fits.h"

#include <fmt/format.h>

#include <charconv>
#include <cstdint>
#include <vector>

#include "graphql/rules/print_value.h"
#include "graphql/rules/suggestions.h"

namespace strongroom::graphql::rules {

namespace {

using Kind = Value::Kind;

std::string IntFault(const Value& value) {
  if (value.kind != Kind::kInt) {
    return "Int cannot represent non-integer value: " + PrintValue(value);
  }
  std::int32_t number = 0;
  const auto [end, error] =
      std::from_chars(value.text.data(), value.text.data() + value.text.size(), number);
  if (error == std::errc()) return {};
  return fmt::format("Int cannot represent non 32-bit signed integer value: {}", value.text);
}

std::string EnumFault(const Value& value, const NamedType& type, bool suggestions) {
  if (value.kind == Kind::kEnum && type.FindValue(value.text) != nullptr) return {};
  const std::string printed = PrintValue(value);
  std::string suggestion;
  if (suggestions) {
    std::vector<std::string_view> names;
    for (const EnumValue& known : type.values) names.emplace_back(known.name);
    suggestion = DidYouMean("the enum value", NearestNames(printed, names));
  }
  if (value.kind != Kind::kEnum) {
    return fmt::format("Enum \"{}\" cannot represent non-enum value: {}.{}", type.name, printed,
                       suggestion);
  }
  return fmt::format("Value \"{}\" does not exist in \"{}\" enum.{}", printed, type.name,
                     suggestion);
}

}  // namespace

std::string LeafFault(const Value& value, const NamedType& type, bool suggestions) {
  if (type.kind == TypeKind::kEnum) return EnumFault(value, type, suggestions);
  switch (type.built_in) {
    case BuiltIn::kCustom: return {};
    case BuiltIn::kInt: return IntFault(value);
    case BuiltIn::kFloat:
      if (value.kind == Kind::kFloat || value.kind == Kind::kInt) return {};
      return "Float cannot represent non numeric value: " + PrintValue(value);
    case BuiltIn::kString:
      if (value.kind == Kind::kString) return {};
      return "String cannot represent a non string value: " + PrintValue(value);
    case BuiltIn::kBoolean:
      if (value.kind == Kind::kBoolean) return {};
      return "Boolean cannot represent a non boolean value: " + PrintValue(value);
    case BuiltIn::kId:
      if (value.kind == Kind::kString || value.kind == Kind::kInt) return {};
      return "ID cannot represent a non-string and non-integer value: " + PrintValue(value);
  }
  return {};
}

}  // namespace strongroom::graphql::rules
