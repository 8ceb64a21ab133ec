#include "cel/value.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <limits>

#include "cel/json_member.h"
#include "cel/numbers.h"

namespace strongroom::cel {

std::string_view EvaluationErrorCodeName(EvaluationErrorCode code) {
  switch (code) {
    case EvaluationErrorCode::kNoSuchOverload: return "no_such_overload";
    case EvaluationErrorCode::kNoSuchField: return "no_such_field";
    case EvaluationErrorCode::kNoSuchKey: return "no_such_key";
    case EvaluationErrorCode::kNoSuchVariable: return "no_such_variable";
    case EvaluationErrorCode::kOverflow: return "overflow";
    case EvaluationErrorCode::kDivideByZero: return "divide_by_zero";
    case EvaluationErrorCode::kOutOfRange: return "out_of_range";
    case EvaluationErrorCode::kInvalidArgument: return "invalid_argument";
    case EvaluationErrorCode::kDuplicateKey: return "duplicate_key";
  }
  return "invalid_argument";
}

Value Value::Json(const boost::json::value& json) {
  switch (json.kind()) {
    case boost::json::kind::null: return Null();
    case boost::json::kind::bool_: return Bool(json.get_bool());
    case boost::json::kind::int64: return Int(json.get_int64());
    case boost::json::kind::uint64: {
      const std::uint64_t number = json.get_uint64();
      constexpr auto kIntMax = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
      return number <= kIntMax ? Int(static_cast<std::int64_t>(number)) : Uint(number);
    }
    case boost::json::kind::double_: return Double(json.get_double());
    case boost::json::kind::string: return String(json.get_string());
    case boost::json::kind::array: return Json(json.get_array());
    case boost::json::kind::object: return Json(json.get_object());
  }
  return Null();
}

Value Value::Json(const boost::json::object& json) {
  return Pointer(Kind::kMap, Form::kJson, &json);
}

Value Value::Json(const boost::json::array& json) {
  return Pointer(Kind::kList, Form::kJson, &json);
}

std::size_t Value::Size() const {
  switch (kind_) {
    case Kind::kString:
    case Kind::kBytes: return b_.size;
    case Kind::kList:
      if (form_ == Form::kJson) return As<boost::json::array>()->size();
      return form_ == Form::kView ? As<ListView>()->Size() : b_.size;
    case Kind::kMap:
      if (form_ == Form::kJson) return As<boost::json::object>()->size();
      return form_ == Form::kView ? As<MapView>()->Size() : b_.size;
    default: STRONGROOM_CHECK(false);
  }
  return 0;
}

Value Value::At(std::size_t index, Arena& arena) const {
  STRONGROOM_CHECK(kind_ == Kind::kList && index < Size());
  if (form_ == Form::kJson) return Json((*As<boost::json::array>())[index]);
  if (form_ == Form::kView) return As<ListView>()->At(index, arena);
  return As<Value>()[index];
}

Value Value::Find(std::string_view key, Arena& arena) const {
  STRONGROOM_CHECK(kind_ == Kind::kMap);
  if (form_ == Form::kJson) {
    const auto* found = FindMember(*As<boost::json::object>(), key);
    return found == nullptr ? Value() : FromJson(*found);
  }
  if (form_ == Form::kView) return As<MapView>()->Find(String(key), arena);
  for (const MapEntry& entry : std::span(As<MapEntry>(), b_.size))
    if (entry.key.kind_ == Kind::kString && TextEqual(entry.key.AsString(), key))
      return entry.value;
  return {};
}

Value Value::Find(const Value& key, Arena& arena) const {
  if (key.kind_ == Kind::kString) return Find(key.AsString(), arena);
  STRONGROOM_CHECK(kind_ == Kind::kMap);
  if (form_ == Form::kJson) return {};
  if (form_ == Form::kView) return As<MapView>()->Find(key, arena);
  for (const MapEntry& entry : std::span(As<MapEntry>(), b_.size))
    if (SameKey(entry.key, key)) return entry.value;
  return {};
}

std::optional<MapEntry> MapCursor::Next(Arena& arena) {
  if (next_ >= map_.Size()) return std::nullopt;
  const std::size_t at = next_++;
  if (map_.form_ == Value::Form::kJson) {
    const auto& pair = map_.As<boost::json::object>()->begin()[static_cast<std::ptrdiff_t>(at)];
    return MapEntry{Value::String(pair.key()), Value::Json(pair.value())};
  }
  if (map_.form_ == Value::Form::kView) return map_.As<MapView>()->At(at, arena);
  return map_.As<MapEntry>()[at];
}

}  // namespace strongroom::cel
