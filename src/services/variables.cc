#include "services/variables.h"

#include <algorithm>
#include <boost/json.hpp>

#include "base/json.h"
#include "services/shape.h"

namespace strongroom::services {
namespace {

namespace json = boost::json;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

base::Error At(base::Error error, const std::string& name) {
  error.argument_path.insert(error.argument_path.begin(), name);
  return error;
}

base::Result<json::value> TextOf(const FieldDescriptor& field, const std::string& text) {
  if (!HoldsJson(field)) return json::value(text);
  auto parsed = base::ParseJson(text);
  if (parsed.ok()) return parsed;
  return base::MakeError(base::ErrorCode::kBadRequest, parsed.error().message, "send JSON as text");
}

base::Result<json::value> NameOf(const FieldDescriptor& field, int number) {
  const auto* value = field.enum_type()->FindValueByNumber(number);
  if (value != nullptr && number != 0) return json::value(std::string(GraphqlName(*value)));
  return base::MakeError(base::ErrorCode::kBadRequest, "no such value of the enum");
}

// One value, or one element of a repeated field when `index` is not negative.
base::Result<json::value> ValueOf(const Message& message, const FieldDescriptor& field, int index) {
  const Reflection& look = *message.GetReflection();
  const bool item = index >= 0;
  std::string scratch;
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL:
      return json::value(item ? look.GetRepeatedBool(message, &field, index)
                              : look.GetBool(message, &field));
    case FieldDescriptor::CPPTYPE_INT32:
      return json::value(item ? look.GetRepeatedInt32(message, &field, index)
                              : look.GetInt32(message, &field));
    case FieldDescriptor::CPPTYPE_ENUM:
      return NameOf(field, item ? look.GetRepeatedEnumValue(message, &field, index)
                                : look.GetEnumValue(message, &field));
    case FieldDescriptor::CPPTYPE_STRING:
      return TextOf(field, item ? look.GetRepeatedStringReference(message, &field, index, &scratch)
                                : look.GetStringReference(message, &field, &scratch));
    case FieldDescriptor::CPPTYPE_MESSAGE: {
      STRONGROOM_ASSIGN(json::object inner,
                        VariablesOf(item ? look.GetRepeatedMessage(message, &field, index)
                                         : look.GetMessage(message, &field)));
      return json::value(std::move(inner));
    }
    default: return base::MakeError(base::ErrorCode::kNotSupported, "a field of an unknown kind");
  }
}

base::Result<json::value> MapOf(const Message& message, const FieldDescriptor& field) {
  json::object map;
  const Reflection& look = *message.GetReflection();
  for (int i = 0; i < look.FieldSize(message, &field); ++i) {
    const Message& entry = look.GetRepeatedMessage(message, &field, i);
    const auto& described = *entry.GetDescriptor();
    const Reflection& inner = *entry.GetReflection();
    map[inner.GetString(entry, described.field(0))] = inner.GetString(entry, described.field(1));
  }
  return json::value(std::move(map));
}

base::Result<json::value> ListOf(const Message& message, const FieldDescriptor& field) {
  json::array list;
  const int size = message.GetReflection()->FieldSize(message, &field);
  for (int i = 0; i < size; ++i) {
    auto value = ValueOf(message, field, i);
    if (!value.ok()) return At(value.error(), std::to_string(i));
    list.push_back(std::move(*value));
  }
  return json::value(std::move(list));
}

bool WasSent(const Message& message, const FieldDescriptor& field) {
  const Reflection& look = *message.GetReflection();
  if (field.is_repeated()) return look.FieldSize(message, &field) > 0;
  return !field.has_presence() || look.HasField(message, &field);
}

}  // namespace

base::Result<json::object> VariablesOf(const Message& message,
                                       const std::vector<std::string_view>& except) {
  json::object variables;
  const auto& described = *message.GetDescriptor();
  for (int i = 0; i < described.field_count(); ++i) {
    const FieldDescriptor& field = *described.field(i);
    if (std::find(except.begin(), except.end(), field.name()) != except.end()) continue;
    if (!WasSent(message, field)) continue;
    auto value = field.is_map()        ? MapOf(message, field)
                 : field.is_repeated() ? ListOf(message, field)
                                       : ValueOf(message, field, -1);
    std::string name = GraphqlName(field);
    if (!value.ok()) return At(value.error(), name);
    variables[std::move(name)] = std::move(*value);
  }
  return variables;
}

}  // namespace strongroom::services
