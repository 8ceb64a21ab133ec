#include "graphql/leaf.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

#include "graphql/json_text.h"
#include "graphql/literal_text.h"

namespace strongroom::graphql {
namespace {

namespace json = boost::json;

constexpr std::int64_t kIntMin = std::numeric_limits<std::int32_t>::min();
constexpr std::int64_t kIntMax = std::numeric_limits<std::int32_t>::max();

template <typename T>
std::optional<T> ReadNumber(std::string_view text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// What is said of a value of the wrong kind; `shown` is how the caller wrote it.
base::Error WrongKind(const NamedType& type, std::string_view shown) {
  switch (type.built_in) {
    case BuiltIn::kInt:
      return DoesNotFit(fmt::format("Int cannot represent non-integer value: {}", shown));
    case BuiltIn::kFloat:
      return DoesNotFit(fmt::format("Float cannot represent non numeric value: {}", shown));
    case BuiltIn::kString:
      return DoesNotFit(fmt::format("String cannot represent a non string value: {}", shown));
    case BuiltIn::kBoolean:
      return DoesNotFit(fmt::format("Boolean cannot represent a non boolean value: {}", shown));
    case BuiltIn::kId:
      return DoesNotFit(
          fmt::format("ID cannot represent a non-string and non-integer value: {}", shown));
    case BuiltIn::kCustom: break;
  }
  return DoesNotFit(
      fmt::format("Enum \"{}\" cannot represent non-string value: {}.", type.name, shown));
}

base::Error OutOfRange(std::string_view shown) {
  return DoesNotFit(fmt::format("Int cannot represent non 32-bit signed integer value: {}", shown));
}

base::Result<Input> EnumNamed(const NamedType& type, std::string_view name) {
  const EnumValue* value = type.FindValue(name);
  if (value != nullptr) return Input(value);
  return DoesNotFit(fmt::format("Value \"{}\" does not exist in \"{}\" enum.",
                                name.size() > 100 ? "…" : name, type.name));
}

// A JSON number without fraction, as JavaScript's clients may write it: 1.0 is 1.
std::optional<std::int64_t> WholeNumber(const json::value& number) {
  if (number.is_int64()) return number.get_int64();
  if (!number.is_double() || std::trunc(number.get_double()) != number.get_double() ||
      std::abs(number.get_double()) > 9007199254740992.0)
    return std::nullopt;
  return static_cast<std::int64_t>(number.get_double());
}

}  // namespace

base::Error DoesNotFit(std::string message) {
  return base::MakeError(base::ErrorCode::kGraphqlValidationFailed, std::move(message));
}

std::string Shortened(const json::value& value) {
  static constexpr std::size_t kBytesMax = 100;
  std::string text;
  AppendJson(value, text, kBytesMax);
  if (text.size() <= kBytesMax) return text;
  std::size_t end = kBytesMax;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end) + "…";
}

json::value NumberJson(std::string_view text, bool integer) {
  if (integer) {
    if (const auto value = ReadNumber<std::int64_t>(text)) return *value;
    if (const auto value = ReadNumber<std::uint64_t>(text)) return *value;
  }
  if (const auto value = ReadNumber<double>(text); value && std::isfinite(*value)) return *value;
  return json::value(json::string_view(text.data(), text.size()));
}

base::Result<Input> LeafFromLiteral(const Value& literal, const NamedType& type) {
  using Kind = Value::Kind;
  if (type.kind == TypeKind::kEnum) {
    if (literal.kind == Kind::kEnum) return EnumNamed(type, literal.text);
    return DoesNotFit(fmt::format("Enum \"{}\" cannot represent non-enum value: {}.", type.name,
                                  LiteralText(literal)));
  }
  const bool text = literal.kind == Kind::kString, whole = literal.kind == Kind::kInt;
  if (type.built_in == BuiltIn::kString && text) return Input(std::string(literal.text));
  if (type.built_in == BuiltIn::kId && (text || whole)) return Input(std::string(literal.text));
  if (type.built_in == BuiltIn::kBoolean && literal.kind == Kind::kBoolean)
    return Input(literal.boolean);
  if (type.built_in == BuiltIn::kFloat && (whole || literal.kind == Kind::kFloat)) {
    const auto value = ReadNumber<double>(literal.text);
    if (value && std::isfinite(*value)) return Input(*value);
  }
  if (type.built_in == BuiltIn::kInt && whole) {
    const auto value = ReadNumber<std::int64_t>(literal.text);
    if (value && *value >= kIntMin && *value <= kIntMax) return Input(*value);
    return OutOfRange(literal.text);
  }
  return WrongKind(type, LiteralText(literal));
}

base::Result<Input> LeafFromJson(const json::value& value, const NamedType& type) {
  if (type.kind == TypeKind::kEnum) {
    if (value.is_string()) return EnumNamed(type, value.get_string());
    return WrongKind(type, Shortened(value));
  }
  if (type.built_in == BuiltIn::kString && value.is_string())
    return Input(std::string(value.get_string()));
  if (type.built_in == BuiltIn::kBoolean && value.is_bool()) return Input(value.get_bool());
  if (type.built_in == BuiltIn::kFloat && value.is_number())
    return Input(value.to_number<double>());
  if (type.built_in == BuiltIn::kId) {
    if (value.is_string()) return Input(std::string(value.get_string()));
    if (value.is_uint64()) return Input(std::to_string(value.get_uint64()));
    if (const auto whole = WholeNumber(value)) return Input(std::to_string(*whole));
    return DoesNotFit(fmt::format("ID cannot represent value: {}", Shortened(value)));
  }
  if (type.built_in == BuiltIn::kInt && value.is_number()) {
    const auto whole = WholeNumber(value);
    if (whole && *whole >= kIntMin && *whole <= kIntMax) return Input(*whole);
    const bool fraction = value.is_double() && std::trunc(value.get_double()) != value.get_double();
    if (!fraction) return OutOfRange(Shortened(value));
  }
  return WrongKind(type, Shortened(value));
}

}  // namespace strongroom::graphql
