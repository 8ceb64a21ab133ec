#include "api/scalars.h"

#include <boost/json.hpp>
#include <memory>
#include <string>
#include <utility>

#include "base/json.h"
#include "base/uuid.h"

namespace strongroom::api {
namespace {

namespace json = boost::json;
using base::ErrorCode;
using base::MakeError;
using graphql::Input;

Input FromJson(json::value value) {
  return Input(std::make_shared<const json::value>(std::move(value)));
}

base::Result<Input> ReadUuid(const json::value& value) {
  if (!value.is_string()) {
    return MakeError(ErrorCode::kUuidParseError, "invalid UUID", "send a string of 36 characters");
  }
  STRONGROOM_ASSIGN(const base::Uuid id, base::ParseUuid(value.get_string()));
  return Input(id.ToString());
}

// A string, or a number as its text.
base::Result<Input> ReadText(const json::value& value) {
  if (value.is_string()) return Input(std::string(value.get_string()));
  if (value.is_int64() || value.is_uint64()) return Input(json::serialize(value));
  return MakeError(ErrorCode::kBadRequest, "expected a string", "send the value as a string");
}

// Numbers of a literal keep their digits as they were written.
base::Result<Input> ReadTextLiteral(const graphql::Literal& literal) {
  using Kind = graphql::Value::Kind;
  if (literal.kind == Kind::kString || literal.kind == Kind::kInt || literal.kind == Kind::kFloat) {
    return Input(std::string(literal.text));
  }
  return MakeError(ErrorCode::kBadRequest, "expected a string", "send the value as a string");
}

// Text of an expression, or null.
base::Result<json::value> Expression(const json::value& value) {
  if (value.is_string() || value.is_null()) return value;
  if (value.is_int64() || value.is_uint64() || value.is_double() || value.is_bool()) {
    return json::value(json::serialize(value));
  }
  return MakeError(ErrorCode::kBadRequest, "expected a CEL expression", "send it as a string");
}

base::Result<Input> ReadExpression(const json::value& value) {
  STRONGROOM_ASSIGN(json::value text, Expression(value));
  if (text.is_null()) return Input();
  return Input(std::string(text.get_string()));
}

base::Result<Input> ReadExpressionLiteral(const graphql::Literal& literal) {
  using Kind = graphql::Value::Kind;
  switch (literal.kind) {
    case Kind::kString:
    case Kind::kInt:
    case Kind::kFloat:
    case Kind::kEnum: return Input(std::string(literal.text));
    default: return ReadExpression(*literal.json);
  }
}

base::Result<json::value> ExpressionMap(const json::value& value, bool nested) {
  if (!value.is_object()) {
    return MakeError(ErrorCode::kBadRequest, "expected a map of names to CEL expressions");
  }
  json::object map;
  for (const auto& [name, member] : value.get_object()) {
    auto read = nested && member.is_object() ? ExpressionMap(member, true) : Expression(member);
    if (!read.ok()) {
      read.error().argument_path.insert(read.error().argument_path.begin(), std::string(name));
      return std::move(read).error();
    }
    map[name] = std::move(read).value();
  }
  return json::value(std::move(map));
}

base::Result<Input> ReadExpressionMap(const json::value& value) {
  STRONGROOM_ASSIGN(json::value map, ExpressionMap(value, false));
  return FromJson(std::move(map));
}
base::Result<Input> ReadExpressionNestedMap(const json::value& value) {
  STRONGROOM_ASSIGN(json::value map, ExpressionMap(value, true));
  return FromJson(std::move(map));
}

// A string is read as JSON text (behaviour §4).
base::Result<Input> ReadJson(const json::value& value) {
  if (!value.is_string()) return FromJson(value);
  auto parsed = base::ParseJson(value.get_string());
  if (!parsed.ok()) {
    return MakeError(ErrorCode::kJsonParseError, "invalid JSON format");
  }
  return FromJson(std::move(parsed).value());
}

json::value ToJson(const Input& input, const graphql::Type& type) {
  using graphql::BuiltIn;
  using graphql::TypeKind;
  if (input.IsNull()) return nullptr;
  const graphql::Type& nullable = *type.Nullable();
  if (nullable.IsList()) {
    json::array items;
    for (const Input& item : input.AsList()) items.push_back(ToJson(item, *nullable.inner));
    return items;
  }
  const graphql::NamedType& named = *nullable.named;
  if (named.kind == TypeKind::kInputObject) return SentMembers(input.AsObject());
  if (named.kind == TypeKind::kEnum) return json::string(input.AsEnum().name);
  switch (named.built_in) {
    case BuiltIn::kBoolean: return input.AsBool();
    case BuiltIn::kInt: return input.AsInt();
    case BuiltIn::kFloat: return input.AsDouble();
    case BuiltIn::kString:
    case BuiltIn::kId: return json::string(input.AsString());
    case BuiltIn::kCustom:
      return input.IsString() ? json::value(json::string(input.AsString())) : input.AsJson();
  }
  return nullptr;
}

}  // namespace

void BindScalars(graphql::EngineBuilder& builder) {
  builder.BindScalar("UUID", {.parse_value = ReadUuid, .parse_literal = {}});
  for (const char* text : {"Decimal", "Date", "Timestamp", "EntryType", "CurrencyCode"}) {
    builder.BindScalar(text, {.parse_value = ReadText, .parse_literal = ReadTextLiteral});
  }
  builder.BindScalar("Expression",
                     {.parse_value = ReadExpression, .parse_literal = ReadExpressionLiteral});
  builder.BindScalar("ExpressionMap", {.parse_value = ReadExpressionMap, .parse_literal = {}});
  builder.BindScalar("ExpressionNestedMap",
                     {.parse_value = ReadExpressionNestedMap, .parse_literal = {}});
  builder.BindScalar("JSON", {.parse_value = ReadJson, .parse_literal = {}});
  builder.BindScalar("Value", {});
}

json::object SentMembers(const graphql::InputObject& input) {
  json::object members;
  for (std::size_t i = 0; i < input.size(); ++i) {
    if (input.origin(i) != graphql::InputObject::Origin::kSent) continue;
    const graphql::InputField& field = input.field(i);
    members[field.name] = ToJson(input.value(i), *field.type);
  }
  return members;
}

}  // namespace strongroom::api
