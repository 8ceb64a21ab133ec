// Values as text, and copies of them.
#include <fmt/format.h>

#include <cmath>

#include "base/encoding.h"
#include "cel/lib/time.h"
#include "cel/type.h"
#include "cel/value.h"

namespace strongroom::cel {
namespace {

std::string Quoted(std::string_view text, bool bytes) {
  std::string quoted = bytes ? "b\"" : "\"";
  for (const char c : text) {
    const auto code = static_cast<unsigned char>(c);
    switch (c) {
      case '"': quoted += "\\\""; continue;
      case '\\': quoted += "\\\\"; continue;
      case '\n': quoted += "\\n"; continue;
      case '\r': quoted += "\\r"; continue;
      case '\t': quoted += "\\t"; continue;
      default: break;
    }
    if (code < 0x20 || code == 0x7F || (bytes && code >= 0x80))
      quoted += fmt::format("\\x{:02x}", code);
    else
      quoted += c;
  }
  return quoted + '"';
}

std::string DoubleText(double number) {
  if (std::isnan(number)) return "double(\"NaN\")";
  if (std::isinf(number)) return number > 0 ? "double(\"Infinity\")" : "double(\"-Infinity\")";
  std::string text = fmt::format("{}", number);
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return text;
}

std::string TypeText(const Type& type) {
  switch (type.kind()) {
    case TypeKind::kNull: return "null_type";
    case TypeKind::kTimestamp: return "google.protobuf.Timestamp";
    case TypeKind::kDuration: return "google.protobuf.Duration";
    default: break;
  }
  const std::string text = type.ToString();
  return text.substr(0, text.find('('));
}

std::string ListText(const Value& list) {
  Arena arena;
  std::string text = "[";
  for (std::size_t i = 0; i < list.Size(); ++i)
    (text += i == 0 ? "" : ", ") += ToText(list.At(i, arena));
  return text + ']';
}

std::string MapText(const Value& map) {
  Arena arena;
  MapCursor cursor(map);
  std::string text = "{";
  while (const auto entry = cursor.Next(arena)) {
    if (text.size() > 1) text += ", ";
    ((text += ToText(entry->key)) += ": ") += ToText(entry->value);
  }
  return text + '}';
}

Value CopyError(const EvaluationError& error, Arena& arena) {
  return Value::Error(arena.New<EvaluationError>(
      EvaluationError{error.code, arena.Copy(error.message), error.offset}));
}

Value CopyList(const Value& list, Arena& arena) {
  Arena scratch;
  const auto copies = arena.NewArray<Value>(list.Size());
  for (std::size_t i = 0; i < copies.size(); ++i) {
    copies[i] = DeepCopy(list.At(i, scratch), arena);
    if (copies[i].absent()) return {};
  }
  return Value::List(copies);
}

Value CopyMap(const Value& map, Arena& arena) {
  Arena scratch;
  const auto copies = arena.NewArray<MapEntry>(map.Size());
  MapCursor cursor(map);
  for (MapEntry& copy : copies) {
    const auto entry = cursor.Next(scratch);
    STRONGROOM_CHECK(entry.has_value());
    copy = {DeepCopy(entry->key, arena), DeepCopy(entry->value, arena)};
    if (copy.key.absent() || copy.value.absent()) return {};
  }
  return Value::Map(copies);
}

}  // namespace

std::string ToText(const Value& value) {
  switch (value.kind()) {
    case Kind::kAbsent: return "";
    case Kind::kNull: return "null";
    case Kind::kBool: return value.AsBool() ? "true" : "false";
    case Kind::kInt: return std::to_string(value.AsInt());
    case Kind::kUint: return std::to_string(value.AsUint()) + 'u';
    case Kind::kDouble: return DoubleText(value.AsDouble());
    case Kind::kString: return Quoted(value.AsString(), false);
    case Kind::kBytes: return Quoted(value.AsBytes(), true);
    case Kind::kTimestamp: return "timestamp(\"" + FormatTimestamp(value.AsTimestamp()) + "\")";
    case Kind::kDuration: return "duration(\"" + FormatDuration(value.AsDuration()) + "\")";
    case Kind::kType: return TypeText(value.AsType());
    case Kind::kList: return ListText(value);
    case Kind::kMap: return MapText(value);
    case Kind::kObject: return '<' + value.AsObject().type().name + '>';
    case Kind::kOptional:
      return value.AsOptional() == nullptr ? "optional.none()"
                                           : "optional.of(" + ToText(*value.AsOptional()) + ')';
    case Kind::kOpaque: {
      const OpaqueType* type = value.opaque_type();
      return type->print(value.AsOpaque(type));
    }
    case Kind::kError: return '<' + std::string(value.AsError().message) + '>';
  }
  return {};
}

Value DeepCopy(const Value& value, Arena& arena) {
  switch (value.kind()) {
    case Kind::kString: return Value::String(arena.Copy(value.AsString()));
    case Kind::kBytes: return Value::Bytes(arena.Copy(value.AsBytes()));
    case Kind::kList: return CopyList(value, arena);
    case Kind::kMap: return CopyMap(value, arena);
    case Kind::kObject: return {};
    case Kind::kOptional: {
      if (value.AsOptional() == nullptr) return value;
      const Value inner = DeepCopy(*value.AsOptional(), arena);
      return inner.absent() ? inner : Value::Some(arena.New<Value>(inner));
    }
    case Kind::kOpaque: {
      const OpaqueType* type = value.opaque_type();
      return Value::Opaque(type, type->copy(value.AsOpaque(type), arena));
    }
    case Kind::kError: return CopyError(value.AsError(), arena);
    default: return value;
  }
}

}  // namespace strongroom::cel
