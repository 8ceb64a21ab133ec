// Literals and JSON to values of declared input types (GraphQL 3.5-3.12, 6.1.2, 6.4.1), with the
// messages of graphql-js.
#pragma once

#include <boost/json/fwd.hpp>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "graphql/ast.h"
#include "graphql/input.h"
#include "graphql/schema.h"

namespace strongroom::graphql {

// The hooks of a schema's custom scalars, and its defaults, coerced once.
struct ScalarTable {
  std::vector<Scalar> by_type;  // by NamedType::index
  std::unordered_map<const Value*, Input> defaults;
};

// The variables that a literal may name.
struct BoundVariables {
  std::span<const VariableDefinition> definitions;
  std::span<const Input> values;
  std::span<const InputObject::Origin> origins;

  // The value; null pointer when the variable was not sent and has no default.
  const Input* Find(std::string_view name) const;
};

// Why a part of a variable does not fit. `path` is as in `.members[0]`.
struct InputFault {
  std::string path;
  std::string value;  // the offending part, shortened
  std::string message;
};

class InputCoercion {
 public:
  // Without `scalars` every custom scalar takes everything; without `variables` a literal that
  // names one is our own mistake. Both must outlive the object.
  explicit InputCoercion(const ScalarTable* scalars, const BoundVariables* variables = nullptr)
      : scalars_(scalars), variables_(variables) {}

  // Errors carry the way into the value as argument_path. A variable without value is null.
  base::Result<Input> FromLiteral(const Value& literal, const Type& type) const;
  // The arguments of a field or directive, defaults filled in.
  base::Result<Arguments> ArgumentsOf(std::span<const Argument> nodes,
                                      const std::vector<InputField>& declared) const;
  // A variable as it was sent. Custom scalars stay raw until they are used. Every fault is added;
  // the value is only good when none was.
  Input FromJson(const boost::json::value& json, const Type& type,
                 std::vector<InputFault>& faults) const;
  // The default of a variable definition, custom scalars raw.
  base::Result<Input> VariableDefault(const Value& literal, const Type& type) const;
  // A variable's value where it is used: gives raw scalars to their hooks.
  base::Result<Input> Finish(const Input& input, const Type& type) const;
  boost::json::value LiteralJson(const Value& literal) const;

 private:
  static constexpr int kDefaultDepthMax = 64;

  const Scalar* HooksOf(const NamedType& type) const;
  bool TakesNull(const Type& type) const;
  base::Result<Input> FromScalarLiteral(const Value& literal, const NamedType& type) const;
  base::Result<Input> FromCustomLiteral(const Value& literal, const NamedType& type) const;
  base::Result<Input> FromCustomJson(JsonPtr json, const NamedType& type) const;
  base::Result<Input> FromListLiteral(const Value& literal, const Type& item) const;
  base::Result<Input> FromObjectLiteral(const Value& literal, const NamedType& type) const;
  template <typename Node>
  base::Status SetMember(InputObject& object, const InputField& field, const Node* node,
                         std::string_view what) const;
  base::Result<Input> DefaultOf(const InputField& field) const;

  struct JsonState;
  Input Json(const boost::json::value& json, const Type& type, JsonState& state) const;
  Input JsonList(const boost::json::value& json, const Type& item, JsonState& state) const;
  Input JsonObject(const boost::json::value& json, const NamedType& type, JsonState& state) const;
  Input JsonLeaf(const boost::json::value& json, const NamedType& type, JsonState& state) const;

  base::Result<Input> FinishRaw(const Input::Raw& raw, const NamedType& type) const;
  static boost::json::value JsonOf(const Input& input, const InputCoercion& literals);

  const ScalarTable* scalars_;
  const BoundVariables* variables_;
  bool keep_raw_ = false;  // custom scalars of literals stay raw
  int default_depth_ = 0;
};

}  // namespace strongroom::graphql
