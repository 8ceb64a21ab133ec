// Variables, as they were sent.
#include <fmt/format.h>

#include <boost/json.hpp>

#include "graphql/coercion.h"
#include "graphql/leaf.h"

namespace strongroom::graphql {

namespace json = boost::json;
using Origin = InputObject::Origin;

struct InputCoercion::JsonState {
  std::string path;
  std::vector<InputFault>& faults;

  Input Fault(const json::value& value, std::string message) {
    faults.push_back({path, Shortened(value), std::move(message)});
    return Input();
  }
};

Input InputCoercion::FromJson(const json::value& value, const Type& type,
                              std::vector<InputFault>& faults) const {
  JsonState state{{}, faults};
  return Json(value, type, state);
}

Input InputCoercion::Json(const json::value& value, const Type& type, JsonState& state) const {
  if (value.is_null() && !TakesNull(type)) {
    if (!type.IsNonNull()) return Input();
    return state.Fault(value,
                       fmt::format("Expected non-nullable type \"{}\" not to be null.", type.text));
  }
  const Type& nullable = *type.Nullable();
  if (nullable.IsList()) return JsonList(value, *nullable.inner, state);
  if (type.named->kind == TypeKind::kInputObject) return JsonObject(value, *type.named, state);
  return JsonLeaf(value, *type.named, state);
}

Input InputCoercion::JsonLeaf(const json::value& value, const NamedType& type,
                              JsonState& state) const {
  if (type.kind == TypeKind::kScalar && type.built_in == BuiltIn::kCustom)
    return Input(Input::Raw{std::make_shared<const json::value>(value), nullptr});
  auto leaf = LeafFromJson(value, type);
  if (leaf.ok()) return std::move(leaf).value();
  return state.Fault(value, leaf.error().message);
}

Input InputCoercion::JsonList(const json::value& value, const Type& item, JsonState& state) const {
  Input::List list;
  if (!value.is_array()) {  // GraphQL 3.11: one item stands for a list of it
    list.push_back(Json(value, item, state));
    return Input(std::move(list));
  }
  const std::size_t mark = state.path.size();
  list.reserve(value.get_array().size());
  for (const json::value& element : value.get_array()) {
    state.path += fmt::format("[{}]", list.size());
    list.push_back(Json(element, item, state));
    state.path.resize(mark);
  }
  return Input(std::move(list));
}

Input InputCoercion::JsonObject(const json::value& value, const NamedType& type,
                                JsonState& state) const {
  if (!value.is_object())
    return state.Fault(value, fmt::format("Expected type \"{}\" to be an object.", type.name));
  const json::object& members = value.get_object();
  auto object = std::make_shared<InputObject>(type.input_fields);
  const std::size_t mark = state.path.size();
  for (const InputField& field : type.input_fields) {
    if (const json::value* member = members.if_contains(field.name)) {
      state.path += '.' + field.name;
      object->Set(field.index, Json(*member, *field.type, state), Origin::kSent);
      state.path.resize(mark);
    } else if (field.default_value != nullptr) {
      auto fallback = DefaultOf(field);
      if (fallback.ok())
        object->Set(field.index, std::move(fallback).value(), Origin::kDefault);
      else
        state.Fault(value, fallback.error().message);
    } else if (field.type->IsNonNull()) {
      state.Fault(value, fmt::format("Field \"{}\" of required type \"{}\" was not provided.",
                                     field.name, field.type->text));
    }
  }
  for (const auto& member : members)
    if (type.FindInputField(member.key()) == nullptr)
      state.Fault(value, fmt::format("Field {} is not defined by type \"{}\".",
                                     Shortened(member.key()), type.name));
  return Input(Input::Object(std::move(object)));
}

}  // namespace strongroom::graphql
