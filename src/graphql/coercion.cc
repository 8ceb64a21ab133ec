#include "graphql/coercion.h"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "base/check.h"
#include "graphql/leaf.h"
#include "graphql/literal_text.h"

namespace strongroom::graphql {
namespace {

namespace json = boost::json;
using Origin = InputObject::Origin;

base::Error Under(std::string segment, base::Error error) {
  error.argument_path.insert(error.argument_path.begin(), std::move(segment));
  return error;
}

template <typename Node>
const Node* FindNode(std::span<const Node> nodes, std::string_view name) {
  for (const Node& node : nodes)
    if (node.name.text == name) return &node;
  return nullptr;
}

}  // namespace

const Input* BoundVariables::Find(std::string_view name) const {
  for (std::size_t i = 0; i < definitions.size(); ++i)
    if (definitions[i].name.text == name)
      return origins[i] == Origin::kAbsent ? nullptr : &values[i];
  return nullptr;
}

const Scalar* InputCoercion::HooksOf(const NamedType& type) const {
  return scalars_ == nullptr ? nullptr : &scalars_->by_type[type.index];
}

bool InputCoercion::TakesNull(const Type& type) const {
  if (type.kind != Type::Kind::kNamed || type.named->kind != TypeKind::kScalar) return false;
  const Scalar* hooks = HooksOf(*type.named);
  return hooks != nullptr && hooks->takes_null;
}

base::Result<Input> InputCoercion::FromLiteral(const Value& literal, const Type& type) const {
  if (literal.kind == Value::Kind::kVariable) {
    STRONGROOM_CHECK(variables_ != nullptr);
    const Input* value = variables_->Find(literal.text);
    if (value != nullptr) return Finish(*value, type);
    if (!type.IsNonNull()) return Input();
    return DoesNotFit(fmt::format("Variable \"${}\" of required type \"{}\" was not provided.",
                                  literal.text, type.text));
  }
  if (literal.kind == Value::Kind::kNull && !TakesNull(type)) {
    if (!type.IsNonNull()) return Input();
    return DoesNotFit(fmt::format("Expected value of type \"{}\", found null.", type.text));
  }
  const Type& nullable = *type.Nullable();
  if (nullable.IsList()) return FromListLiteral(literal, *nullable.inner);
  if (type.named->kind == TypeKind::kInputObject) return FromObjectLiteral(literal, *type.named);
  return FromScalarLiteral(literal, *type.named);
}

base::Result<Input> InputCoercion::FromScalarLiteral(const Value& literal,
                                                     const NamedType& type) const {
  if (type.kind == TypeKind::kEnum || type.built_in != BuiltIn::kCustom)
    return LeafFromLiteral(literal, type);
  if (keep_raw_) return Input(Input::Raw{nullptr, &literal});
  return FromCustomLiteral(literal, type);
}

base::Result<Input> InputCoercion::FromCustomLiteral(const Value& literal,
                                                     const NamedType& type) const {
  auto value = std::make_shared<const json::value>(LiteralJson(literal));
  const Scalar* hooks = HooksOf(type);
  if (hooks == nullptr || !hooks->parse_literal) return FromCustomJson(std::move(value), type);
  return hooks->parse_literal(Literal{literal.kind, literal.text, std::move(value)});
}

base::Result<Input> InputCoercion::FromCustomJson(JsonPtr value, const NamedType& type) const {
  const Scalar* hooks = HooksOf(type);
  if (value->is_null() && (hooks == nullptr || !hooks->takes_null)) return Input();
  if (hooks == nullptr || !hooks->parse_value) return Input(std::move(value));
  return hooks->parse_value(*value);
}

base::Result<Input> InputCoercion::FromListLiteral(const Value& literal, const Type& item) const {
  Input::List list;
  if (literal.kind != Value::Kind::kList) {  // GraphQL 3.11: one item stands for a list of it
    STRONGROOM_ASSIGN(Input only, FromLiteral(literal, item));
    list.push_back(std::move(only));
    return Input(std::move(list));
  }
  list.reserve(literal.items.size());
  for (const Value* node : literal.items) {
    auto value = FromLiteral(*node, item);
    if (!value.ok()) return Under(std::to_string(list.size()), std::move(value).error());
    list.push_back(std::move(value).value());
  }
  return Input(std::move(list));
}

base::Result<Input> InputCoercion::FromObjectLiteral(const Value& literal,
                                                     const NamedType& type) const {
  if (literal.kind != Value::Kind::kObject)
    return DoesNotFit(
        fmt::format("Expected value of type \"{}\", found {}.", type.name, LiteralText(literal)));
  for (const ObjectField& node : literal.fields)
    if (type.FindInputField(node.name.text) == nullptr)
      return DoesNotFit(
          fmt::format("Field \"{}\" is not defined by type \"{}\".", node.name.text, type.name));
  auto object = std::make_shared<InputObject>(type.input_fields);
  for (const InputField& field : type.input_fields) {
    auto status = SetMember(*object, field, FindNode(literal.fields, field.name), "Field");
    if (!status.ok()) return Under(field.name, std::move(status).error());
  }
  return Input(Input::Object(std::move(object)));
}

base::Result<Arguments> InputCoercion::ArgumentsOf(std::span<const Argument> nodes,
                                                   const std::vector<InputField>& declared) const {
  Arguments arguments(declared);
  for (const InputField& field : declared) {
    auto status = SetMember(arguments, field, FindNode(nodes, field.name), "Argument");
    if (!status.ok()) return Under(field.name, std::move(status).error());
  }
  return arguments;
}

// One member of CoerceArgumentValues (GraphQL 6.4.1); input objects follow the same rules.
template <typename Node>
base::Status InputCoercion::SetMember(InputObject& object, const InputField& field,
                                      const Node* node, std::string_view what) const {
  const Value* literal = node == nullptr ? nullptr : node->value;
  const bool variable = literal != nullptr && literal->kind == Value::Kind::kVariable;
  if (variable) STRONGROOM_CHECK(variables_ != nullptr);
  if (literal == nullptr || (variable && variables_->Find(literal->text) == nullptr)) {
    if (field.default_value != nullptr) {
      STRONGROOM_ASSIGN(Input value, DefaultOf(field));
      object.Set(field.index, std::move(value), Origin::kDefault);
    } else if (field.type->IsNonNull() && variable) {
      return DoesNotFit(fmt::format(
          "{} \"{}\" of required type \"{}\" was provided the variable \"${}\" which was not "
          "provided a runtime value.",
          what, field.name, field.type->text, literal->text));
    } else if (field.type->IsNonNull()) {
      return DoesNotFit(fmt::format("{} \"{}\" of required type \"{}\" was not provided.", what,
                                    field.name, field.type->text));
    }
    return {};
  }
  const bool null = literal->kind == Value::Kind::kNull ||
                    (variable && variables_->Find(literal->text)->IsNull());
  if (null && field.type->IsNonNull() && !TakesNull(*field.type))
    return DoesNotFit(fmt::format("{} \"{}\" of non-null type \"{}\" must not be null.", what,
                                  field.name, field.type->text));
  STRONGROOM_ASSIGN(Input value, FromLiteral(*literal, *field.type));
  object.Set(field.index, std::move(value), Origin::kSent);
  return {};
}

base::Result<Input> InputCoercion::DefaultOf(const InputField& field) const {
  if (scalars_ != nullptr && !keep_raw_) {
    const auto found = scalars_->defaults.find(field.default_value);
    if (found != scalars_->defaults.end()) return found->second;
  }
  if (default_depth_ >= kDefaultDepthMax)
    return DoesNotFit(fmt::format("the default of \"{}\" contains itself", field.name));
  InputCoercion inner(scalars_);
  inner.keep_raw_ = keep_raw_;
  inner.default_depth_ = default_depth_ + 1;
  return inner.FromLiteral(*field.default_value, *field.type);
}

base::Result<Input> InputCoercion::VariableDefault(const Value& literal, const Type& type) const {
  InputCoercion raw(scalars_);
  raw.keep_raw_ = true;
  return raw.FromLiteral(literal, type);
}

base::Result<Input> InputCoercion::FinishRaw(const Input::Raw& raw, const NamedType& type) const {
  if (raw.literal != nullptr) return FromCustomLiteral(*raw.literal, type);
  return FromCustomJson(raw.json, type);
}

base::Result<Input> InputCoercion::Finish(const Input& input, const Type& type) const {
  if (input.IsNull()) {
    if (!type.IsNonNull()) return Input();
    return DoesNotFit(fmt::format("Expected non-nullable type \"{}\" not to be null.", type.text));
  }
  if (const auto* raw = std::get_if<Input::Raw>(&input.value_)) return FinishRaw(*raw, *type.named);
  if (const auto* list = std::get_if<Input::List>(&input.value_)) {
    Input::List done;
    done.reserve(list->size());
    for (const Input& item : *list) {
      auto value = Finish(item, *type.Nullable()->inner);
      if (!value.ok()) return Under(std::to_string(done.size()), std::move(value).error());
      done.push_back(std::move(value).value());
    }
    return Input(std::move(done));
  }
  const auto* object = std::get_if<Input::Object>(&input.value_);
  if (object == nullptr) return input;
  auto done = std::make_shared<InputObject>(type.named->input_fields);
  for (const InputField& field : type.named->input_fields) {
    const Origin origin = (*object)->origin(field.index);
    if (origin == Origin::kAbsent) continue;
    auto value = Finish((*object)->value(field.index), *field.type);
    if (!value.ok()) return Under(field.name, std::move(value).error());
    done->Set(field.index, std::move(value).value(), origin);
  }
  return Input(Input::Object(std::move(done)));
}

json::value InputCoercion::LiteralJson(const Value& literal) const {
  switch (literal.kind) {
    case Value::Kind::kVariable: {
      STRONGROOM_CHECK(variables_ != nullptr);
      const Input* value = variables_->Find(literal.text);
      return value == nullptr ? json::value() : JsonOf(*value, *this);
    }
    case Value::Kind::kInt: return NumberJson(literal.text, true);
    case Value::Kind::kFloat: return NumberJson(literal.text, false);
    case Value::Kind::kString:
    case Value::Kind::kEnum:
      return json::value(json::string_view(literal.text.data(), literal.text.size()));
    case Value::Kind::kBoolean: return literal.boolean;
    case Value::Kind::kNull: return nullptr;
    case Value::Kind::kList: {
      json::array array;
      for (const Value* item : literal.items) array.push_back(LiteralJson(*item));
      return array;
    }
    case Value::Kind::kObject: break;
  }
  json::object object;
  for (const ObjectField& field : literal.fields) {
    const bool absent = field.value->kind == Value::Kind::kVariable && variables_ != nullptr &&
                        variables_->Find(field.value->text) == nullptr;
    if (!absent)
      object[json::string_view(field.name.text.data(), field.name.text.size())] =
          LiteralJson(*field.value);
  }
  return object;
}

json::value InputCoercion::JsonOf(const Input& input, const InputCoercion& literals) {
  if (const auto* value = std::get_if<bool>(&input.value_)) return *value;
  if (const auto* value = std::get_if<std::int64_t>(&input.value_)) return *value;
  if (const auto* value = std::get_if<double>(&input.value_)) return *value;
  if (const auto* value = std::get_if<std::string>(&input.value_)) return json::value(*value);
  if (const auto* value = std::get_if<const EnumValue*>(&input.value_))
    return json::value((*value)->name);
  if (const auto* value = std::get_if<JsonPtr>(&input.value_)) return **value;
  if (const auto* raw = std::get_if<Input::Raw>(&input.value_))
    return raw->literal != nullptr ? literals.LiteralJson(*raw->literal) : *raw->json;
  if (const auto* list = std::get_if<Input::List>(&input.value_)) {
    json::array array;
    for (const Input& item : *list) array.push_back(JsonOf(item, literals));
    return array;
  }
  const auto* object = std::get_if<Input::Object>(&input.value_);
  if (object == nullptr) return nullptr;
  json::object members;
  for (std::size_t i = 0; i < (*object)->size(); ++i)
    if ((*object)->origin(i) != Origin::kAbsent)
      members[(*object)->field(i).name] = JsonOf((*object)->value(i), literals);
  return members;
}

}  // namespace strongroom::graphql
