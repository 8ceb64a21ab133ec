// What a caller sent: variables and arguments after coercion to their declared types.
#pragma once

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/check.h"
#include "base/result.h"
#include "graphql/ast.h"
#include "graphql/schema.h"

namespace strongroom::graphql {

class Input;
using JsonPtr = std::shared_ptr<const boost::json::value>;

// The members of an input object, or the arguments of a field: one slot per declared name, in the
// order of the schema.
class InputObject {
 public:
  enum class Origin : std::uint8_t {
    kAbsent,   // not sent, and no default
    kDefault,  // not sent; the value is the schema's default
    kSent,     // the caller wrote it, null included
  };

  InputObject();
  explicit InputObject(const std::vector<InputField>& fields);

  // The value, sent or default; null pointer when absent. A name the schema does not declare is our
  // own mistake and aborts.
  const Input* Find(std::string_view name) const;
  Origin OriginOf(std::string_view name) const;
  bool WasSent(std::string_view name) const { return OriginOf(name) == Origin::kSent; }

  std::size_t size() const { return origins_.size(); }
  const InputField& field(std::size_t index) const { return (*fields_)[index]; }
  Origin origin(std::size_t index) const { return origins_[index]; }
  const Input& value(std::size_t index) const;
  void Set(std::size_t index, Input value, Origin origin);

 private:
  std::size_t IndexOf(std::string_view name) const;

  const std::vector<InputField>* fields_ = nullptr;  // owned by the schema
  std::vector<Input> values_;
  std::vector<Origin> origins_;
};

// One coerced value. Reading another kind than it is aborts: the schema says which kind a type has.
// Int is an int64, Float a double, ID and String a string, an enum value its EnumValue; a custom
// scalar whatever its hook made.
class Input {
 public:
  using List = std::vector<Input>;
  using Object = std::shared_ptr<const InputObject>;

  Input() = default;  // null
  template <typename T>
  explicit Input(T value) : value_(std::move(value)) {}

  bool IsNull() const { return std::holds_alternative<std::monostate>(value_); }
  bool IsString() const { return std::holds_alternative<std::string>(value_); }
  bool IsInt() const { return std::holds_alternative<std::int64_t>(value_); }
  bool IsJson() const { return std::holds_alternative<JsonPtr>(value_); }
  bool AsBool() const { return Get<bool>(); }
  std::int64_t AsInt() const { return Get<std::int64_t>(); }
  double AsDouble() const { return Get<double>(); }
  const std::string& AsString() const { return Get<std::string>(); }
  const EnumValue& AsEnum() const { return *Get<const EnumValue*>(); }
  const List& AsList() const { return Get<List>(); }
  const InputObject& AsObject() const { return *Get<Object>(); }
  const boost::json::value& AsJson() const { return *Get<JsonPtr>(); }

 private:
  friend class InputCoercion;
  // A custom scalar inside a variable, not yet given to its hook.
  struct Raw {
    JsonPtr json;                    // as it was sent; or
    const Value* literal = nullptr;  // the default of a variable, in the operation's document
  };

  template <typename T>
  const T& Get() const {
    const T* value = std::get_if<T>(&value_);
    STRONGROOM_CHECK(value != nullptr);
    return *value;
  }

  std::variant<std::monostate, bool, std::int64_t, double, std::string, const EnumValue*, List,
               Object, JsonPtr, Raw>
      value_;
};

using Arguments = InputObject;

// A literal of the document, as a scalar hook sees it: variables inside are already replaced.
struct Literal {
  Value::Kind kind = Value::Kind::kNull;  // never kVariable
  std::string_view text;                  // kInt, kFloat, kString, kEnum
  JsonPtr json;                           // the whole literal as JSON; an enum name is a string
};

// How a custom scalar is read and written. Hooks are pure functions, called from any thread; what
// they make of a literal is kept with the cached document. An Error may carry an argument_path that
// leads further into the value; the engine puts the way to the value before it.
struct Scalar {
  // From the JSON of a variable. Without it: the JSON itself (AsJson).
  std::function<base::Result<Input>(const boost::json::value&)> parse_value;
  // From a literal. Without it: the literal's JSON goes to parse_value.
  std::function<base::Result<Input>(const Literal&)> parse_literal;
  // Whether null reaches the hooks (`default: null` as an expression); otherwise it is plain null.
  bool takes_null = false;
};

}  // namespace strongroom::graphql
