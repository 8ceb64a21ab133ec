#include "cel/env.h"
#include "cel/library.h"

namespace strongroom::cel {
namespace {

Value Some(const Call& call, const Value& value) {
  return Value::Some(call.arena.New<Value>(value));
}

bool IsZero(const Value& value) {
  switch (value.kind()) {
    case Kind::kNull: return true;
    case Kind::kBool: return !value.AsBool();
    case Kind::kInt: return value.AsInt() == 0;
    case Kind::kUint: return value.AsUint() == 0;
    case Kind::kDouble: return value.AsDouble() == 0;
    case Kind::kString:
    case Kind::kBytes:
    case Kind::kList:
    case Kind::kMap: return value.Size() == 0;
    case Kind::kTimestamp: return value.AsTimestamp() == TimestampValue{};
    case Kind::kDuration: return value.AsDuration() == DurationValue{};
    case Kind::kOptional: return value.AsOptional() == nullptr;
    default: return false;
  }
}

Value Of(const Call& call) { return Some(call, call[0]); }
Value OfNonZero(const Call& call) { return IsZero(call[0]) ? Value::None() : Some(call, call[0]); }
Value None(const Call&) { return Value::None(); }
Value HasValue(const Call& call) { return Value::Bool(call[0].AsOptional() != nullptr); }
Value ValueOf(const Call& call) {
  const Value* value = call[0].AsOptional();
  return value == nullptr ? call.Invalid("the optional holds no value") : *value;
}
Value Or(const Call& call) { return call[0].AsOptional() == nullptr ? call[1] : call[0]; }
Value OrValue(const Call& call) {
  const Value* value = call[0].AsOptional();
  return value == nullptr ? call[1] : *value;
}

Value Unwrap(const Call& call) {
  const std::size_t size = call[0].Size();
  if (!call.budget.Charge(size)) return Value::Null();
  const auto elements = call.arena.NewArray<Value>(size);
  std::size_t count = 0;
  for (std::size_t i = 0; i < size; ++i) {
    const Value element = call[0].At(i, call.arena);
    if (!element.is(Kind::kOptional)) return call.Invalid("an element of the list is no optional");
    if (element.AsOptional() != nullptr) elements[count++] = *element.AsOptional();
  }
  return Value::List(elements.first(count));
}

}  // namespace

void AddOptionals(EnvBuilder& builder) {
  static const Type kOptionalType = Type::Optional(Type::Dyn());
  builder.Constant("optional_type", Type::TypeType(kOptionalType),
                   Value::TypeValue(&kOptionalType));

  const Type any = Type::Param("T");
  const Type optional = Type::Optional(any);
  const auto add = [&](std::string_view name, std::string_view id, std::vector<Type> parameters,
                       const Type& result, Callback callback, std::string_view description,
                       std::string_view example) {
    builder.Function(name, {.id = std::string(id),
                            .parameters = std::move(parameters),
                            .result = result,
                            .callback = std::move(callback),
                            .member = !name.starts_with("optional."),
                            .description = std::string(description),
                            .example = std::string(example)});
  };
  add("optional.of", "optional_of", {any}, optional, Of, "an optional that holds the value",
      "optional.of(1).value() == 1");
  add("optional.ofNonZeroValue", "optional_ofNonZeroValue", {any}, optional, OfNonZero,
      "none for null, false, zero and what is empty; else an optional that holds the value",
      "!optional.ofNonZeroValue('').hasValue()");
  add("optional.none", "optional_none", {}, optional, None, "an optional that holds nothing",
      "!optional.none().hasValue()");
  add("hasValue", "optional_hasValue", {optional}, Type::Bool(), HasValue,
      "whether the optional holds something", "optional.of(1).hasValue()");
  add("value", "optional_value", {optional}, any, ValueOf,
      "what the optional holds; an error if nothing", "{'a': 1}.?a.value() == 1");
  add("or", "optional_or_optional", {optional, optional}, optional, Or,
      "the first of two that holds something", "optional.none().or(optional.of(1)).value() == 1");
  add("orValue", "optional_orValue_value", {optional, any}, any, OrValue,
      "what the optional holds, or else the other value", "{}.?a.orValue(1) == 1");
  const Type list = Type::List(optional);
  add("optional.unwrap", "optional_unwrap", {list}, Type::List(any), Unwrap,
      "what those of the list hold that hold something",
      "optional.unwrap([optional.of(1), optional.none()]) == [1]");
  add("unwrapOpt", "optional_unwrapOpt", {list}, Type::List(any), Unwrap,
      "what those of the list hold that hold something",
      "[optional.of(1), optional.none()].unwrapOpt() == [1]");
}

}  // namespace strongroom::cel
