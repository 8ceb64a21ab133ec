// A CEL value: 24 bytes, trivially copyable, owning nothing. Strings, bytes, lists, maps, objects
// and opaque values point into what the caller bound, into a program's constants, or into the
// arena of the evaluation, and are valid as long as that is.
#pragma once

#include <boost/json/fwd.hpp>
#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/check.h"
#include "cel/arena.h"

namespace strongroom::cel {

class ListView;
class MapView;
class ObjectView;
class Type;
class Value;
struct OpaqueType;

enum class Kind : std::uint8_t {
  kAbsent,  // no value at all: an unbound variable, a missing key or field. Expressions never see
            // it
  kNull,
  kBool,
  kInt,
  kUint,
  kDouble,
  kString,
  kBytes,
  kTimestamp,
  kDuration,
  kType,
  kList,
  kMap,
  kObject,
  kOptional,
  kOpaque,
  kError,
};

// Seconds and nanoseconds as CEL knows them; nanos is 0..999999999 for a timestamp, and has the
// sign of seconds (or either, when seconds is 0) for a duration.
struct TimestampValue {
  std::int64_t seconds = 0;  // since 1970-01-01T00:00:00Z; years 1 to 9999
  std::int32_t nanos = 0;
  auto operator<=>(const TimestampValue&) const = default;
};
struct DurationValue {
  std::int64_t seconds = 0;
  std::int32_t nanos = 0;
  auto operator<=>(const DurationValue&) const = default;
};

enum class EvaluationErrorCode : std::uint8_t {
  kNoSuchOverload,
  kNoSuchField,
  kNoSuchKey,
  kNoSuchVariable,
  kOverflow,
  kDivideByZero,
  kOutOfRange,
  kInvalidArgument,
  kDuplicateKey,
};
std::string_view EvaluationErrorCodeName(EvaluationErrorCode code);

// Why an expression has no value. A value itself: `false && error` is false.
struct EvaluationError {
  EvaluationErrorCode code = EvaluationErrorCode::kInvalidArgument;
  std::string_view message;
  std::uint32_t offset = 0;  // byte in the source where it arose
};

struct MapEntry;  // {key, value}, in value_map.h

class Value {
 public:
  // kAbsent
  constexpr Value() = default;

  static Value Null() { return Value(Kind::kNull); }
  static Value Bool(bool value) {
    Value result(Kind::kBool);
    result.a_.i = value ? 1 : 0;
    return result;
  }
  static Value Int(std::int64_t value) {
    Value result(Kind::kInt);
    result.a_.i = value;
    return result;
  }
  static Value Uint(std::uint64_t value) {
    Value result(Kind::kUint);
    result.a_.u = value;
    return result;
  }
  static Value Double(double value) {
    Value result(Kind::kDouble);
    result.a_.d = value;
    return result;
  }
  // The characters stay where they are: well-formed UTF-8 that outlives the value.
  static Value String(std::string_view text) {
    Value result(Kind::kString);
    result.a_.text = text.data();
    result.b_.size = text.size();
    return result;
  }
  static Value Bytes(std::string_view bytes) {
    Value result = String(bytes);
    result.kind_ = Kind::kBytes;
    return result;
  }
  static Value Timestamp(TimestampValue at) {
    Value result(Kind::kTimestamp);
    result.a_.i = at.seconds;
    result.b_.i = at.nanos;
    return result;
  }
  static Value Duration(DurationValue span) {
    Value result(Kind::kDuration);
    result.a_.i = span.seconds;
    result.b_.i = span.nanos;
    return result;
  }
  // `type` outlives the value (types of an Env do).
  static Value TypeValue(const Type* type) { return Pointer(Kind::kType, Form::kPlain, type); }
  // The elements stay where they are.
  static Value List(std::span<const Value> elements) {
    Value result = Pointer(Kind::kList, Form::kPlain, elements.data());
    result.b_.size = elements.size();
    return result;
  }
  static Value List(const ListView* list) { return Pointer(Kind::kList, Form::kView, list); }
  // In order of insertion, keys distinct. MakeMap (value_map.h) checks that.
  static Value Map(std::span<const MapEntry> entries);
  static Value Map(const MapView* map) { return Pointer(Kind::kMap, Form::kView, map); }
  static Value Object(const ObjectView* object) {
    return Pointer(Kind::kObject, Form::kView, object);
  }
  static Value None() { return Pointer(Kind::kOptional, Form::kPlain, nullptr); }
  static Value Some(const Value* value) { return Pointer(Kind::kOptional, Form::kPlain, value); }
  // `data` is what the functions of `type` expect; both outlive the value.
  static Value Opaque(const OpaqueType* type, const void* data) {
    Value result = Pointer(Kind::kOpaque, Form::kPlain, data);
    result.b_.pointer = type;
    return result;
  }
  static Value Error(const EvaluationError* error) {
    return Pointer(Kind::kError, Form::kPlain, error);
  }
  // Reads JSON where it lies: objects are maps with string keys, arrays lists; a whole number is
  // an int (a uint above 2^63-1), every other number a double.
  static Value Json(const boost::json::value& json);
  static Value Json(const boost::json::object& json);
  static Value Json(const boost::json::array& json);

  Kind kind() const { return kind_; }
  bool is(Kind kind) const { return kind_ == kind; }
  bool absent() const { return kind_ == Kind::kAbsent; }
  bool is_error() const { return kind_ == Kind::kError; }
  bool is_true() const { return kind_ == Kind::kBool && a_.i != 0; }
  bool is_false() const { return kind_ == Kind::kBool && a_.i == 0; }

  // Each aborts when the kind is another: look first.
  bool AsBool() const { return Require(Kind::kBool).i != 0; }
  std::int64_t AsInt() const { return Require(Kind::kInt).i; }
  std::uint64_t AsUint() const { return Require(Kind::kUint).u; }
  double AsDouble() const { return Require(Kind::kDouble).d; }
  std::string_view AsString() const { return {Require(Kind::kString).text, b_.size}; }
  std::string_view AsBytes() const { return {Require(Kind::kBytes).text, b_.size}; }
  TimestampValue AsTimestamp() const {
    return {Require(Kind::kTimestamp).i, static_cast<std::int32_t>(b_.i)};
  }
  DurationValue AsDuration() const {
    return {Require(Kind::kDuration).i, static_cast<std::int32_t>(b_.i)};
  }
  const Type& AsType() const { return *static_cast<const Type*>(Require(Kind::kType).pointer); }
  const ObjectView& AsObject() const {
    return *static_cast<const ObjectView*>(Require(Kind::kObject).pointer);
  }
  // Null for none.
  const Value* AsOptional() const {
    return static_cast<const Value*>(Require(Kind::kOptional).pointer);
  }
  const OpaqueType* opaque_type() const {
    return kind_ == Kind::kOpaque ? static_cast<const OpaqueType*>(b_.pointer) : nullptr;
  }
  // The data of an opaque value of exactly `type`; null when it is something else.
  const void* AsOpaque(const OpaqueType* type) const {
    return opaque_type() == type ? a_.pointer : nullptr;
  }
  const EvaluationError& AsError() const {
    return *static_cast<const EvaluationError*>(Require(Kind::kError).pointer);
  }

  // Lists and maps: how many elements. Strings and bytes: bytes.
  std::size_t Size() const;
  // Element `index` of a list, below Size(). The arena is for views that make their elements.
  Value At(std::size_t index, Arena& arena) const;
  // The value of a map's key, numbers compared across their kinds; absent when there is none.
  Value Find(const Value& key, Arena& arena) const;
  Value Find(std::string_view key, Arena& arena) const;

  // For the engine's short cuts: the JSON that a map or a list reads, and the elements of a plain
  // list; null for every other form.
  const boost::json::object* json_object() const {
    return kind_ == Kind::kMap && form_ == Form::kJson ? As<boost::json::object>() : nullptr;
  }
  const boost::json::array* json_array() const {
    return kind_ == Kind::kList && form_ == Form::kJson ? As<boost::json::array>() : nullptr;
  }
  const Value* plain_elements() const {
    return kind_ == Kind::kList && form_ == Form::kPlain ? As<Value>() : nullptr;
  }

 private:
  friend class MapCursor;
  enum class Form : std::uint8_t { kPlain, kJson, kView };

  explicit constexpr Value(Kind kind) : kind_(kind) {}
  static Value Pointer(Kind kind, Form form, const void* pointer) {
    Value result(kind);
    result.form_ = form;
    result.a_.pointer = pointer;
    return result;
  }

  union First {
    std::int64_t i = 0;
    std::uint64_t u;
    double d;
    const char* text;
    const void* pointer;
  };
  union Second {
    std::int64_t i = 0;
    std::size_t size;
    const void* pointer;
  };
  const First& Require(Kind kind) const {
    STRONGROOM_CHECK(kind_ == kind);
    return a_;
  }
  template <typename T>
  const T* As() const {
    return static_cast<const T*>(a_.pointer);
  }

  Kind kind_ = Kind::kAbsent;
  Form form_ = Form::kPlain;
  First a_;
  Second b_;
};
static_assert(sizeof(Value) == 24);

struct MapEntry {
  Value key;
  Value value;
};
inline Value Value::Map(std::span<const MapEntry> entries) {
  Value result = Pointer(Kind::kMap, Form::kPlain, entries.data());
  result.b_.size = entries.size();
  return result;
}

// Walks the entries of a map in its own order. The map outlives the cursor.
class MapCursor {
 public:
  explicit MapCursor(const Value& map) : map_(map) {}
  // The next entry; nothing after the last.
  std::optional<MapEntry> Next(Arena& arena);

 private:
  Value map_;
  std::size_t next_ = 0;
};

// ---- The seams: data of others, read in place. Implementations are immutable while bound, and
// may make what they hand out in the arena.

class ListView {
 public:
  virtual ~ListView() = default;
  virtual std::size_t Size() const = 0;
  virtual Value At(std::size_t index, Arena& arena) const = 0;
};

class MapView {
 public:
  virtual ~MapView() = default;
  virtual std::size_t Size() const = 0;
  virtual MapEntry At(std::size_t index, Arena& arena) const = 0;
  // Absent when there is no such key.
  virtual Value Find(const Value& key, Arena& arena) const = 0;
};

struct StructType;

// A typed record such as a document or a policy's context.
class ObjectView {
 public:
  virtual ~ObjectView() = default;
  // The type it was declared with in the Env; fields are numbered as there.
  virtual const StructType& type() const = 0;
  // The value of a field; null where the field is nullable and unset. Absent is read as an error.
  virtual Value Get(std::size_t field, Arena& arena) const = 0;
  // What `has(object.field)` answers.
  virtual bool Has(std::size_t field) const = 0;
};

// A type that the core does not know (uuid, decimal, …): how to treat its data. Make one static
// constant per type; its address is its identity.
struct OpaqueType {
  std::string_view name;  // as `type(x)` prints it and the checker names it
  bool (*equal)(const void* a, const void* b);
  // Null when the type has no order. Otherwise < <= > >= are declared for it.
  std::strong_ordering (*compare)(const void* a, const void* b);
  std::size_t (*hash)(const void* data);
  // A CEL expression that makes the same value: `uuid("…")`.
  std::string (*print)(const void* data);
  // A copy that lives in `arena`.
  const void* (*copy)(const void* data, Arena& arena);
  // The value alone, as `'%s'.format([x])` shows it; null: as `print`.
  std::string (*text)(const void* data) = nullptr;
};

// ---- What the language says about values.

// `==`: numbers across kinds, NaN unequal to all, deep for lists, maps and objects; values of
// different kinds are unequal. Errors and absent values equal nothing. For values from outside: one
// that an expression made may share its parts so that walking it takes for ever.
bool Equal(const Value& a, const Value& b, Arena& arena);
// Order of two numbers, strings, bytes, bools, timestamps, durations or ordered opaque values;
// unordered for NaN; nothing when the two have no common order.
std::optional<std::partial_ordering> Compare(const Value& a, const Value& b);
// A copy that needs nothing but `arena`; absent when the value holds an object, which can't be
// copied. Maps and lists of any form become plain ones.
Value DeepCopy(const Value& value, Arena& arena);
// As a CEL expression where one exists (`[1, "a"]`, `timestamp("…")`), for people.
std::string ToText(const Value& value);

}  // namespace strongroom::cel
