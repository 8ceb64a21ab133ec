// A type system, made from SDL text. Immutable; pointers into it live as long as the Schema.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "graphql/ast.h"

namespace strongroom::graphql {

enum class TypeKind { kScalar, kObject, kInterface, kUnion, kEnum, kInputObject };

// Scalars of the specification itself; every other scalar is kCustom.
enum class BuiltIn { kCustom, kInt, kFloat, kString, kBoolean, kId };

struct NamedType;

// A use of a type: named, list or non-null. Equal types of one schema are the same object.
struct Type {
  enum class Kind { kNamed, kList, kNonNull };
  Kind kind = Kind::kNamed;
  const NamedType* named = nullptr;  // the innermost type, for every kind
  const Type* inner = nullptr;       // kList, kNonNull
  std::string text;                  // `[Account!]!`

  bool IsNonNull() const { return kind == Kind::kNonNull; }
  bool IsList() const { return kind == Kind::kList; }
  const Type* Nullable() const { return IsNonNull() ? inner : this; }
};

// An argument or a field of an input object.
struct InputField {
  std::string name;
  std::string description;
  const Type* type = nullptr;
  const Value* default_value = nullptr;  // in the arena of the schema's document
  std::optional<std::string> deprecation_reason;
  std::size_t index = 0;  // among its siblings

  bool IsRequired() const { return type->IsNonNull() && default_value == nullptr; }
};

struct FieldType {
  std::string name;
  std::string description;
  std::vector<InputField> arguments;
  const Type* type = nullptr;
  std::optional<std::string> deprecation_reason;
  std::size_t index = 0;  // among the fields of its type

  const InputField* FindArgument(std::string_view name) const;
};

struct EnumValue {
  std::string name;
  std::string description;
  std::optional<std::string> deprecation_reason;
  std::size_t index = 0;
};

struct NamedType {
  TypeKind kind = TypeKind::kScalar;
  BuiltIn built_in = BuiltIn::kCustom;
  bool introspection = false;  // `__Schema` and its relatives
  std::string name;
  std::string description;
  std::size_t index = 0;                        // among all types of the schema
  std::vector<const NamedType*> interfaces;     // objects and interfaces: those it implements
  std::vector<const NamedType*> possible;       // objects that a value of this type can be
  std::vector<FieldType> fields;                // objects, interfaces
  std::vector<InputField> input_fields;         // input objects
  std::vector<EnumValue> values;                // enums
  std::optional<std::string> specified_by_url;  // scalars

  const FieldType* FindField(std::string_view field_name) const;
  const InputField* FindInputField(std::string_view field_name) const;
  const EnumValue* FindValue(std::string_view value_name) const;
  bool IsComposite() const;  // object, interface, union
  bool IsAbstract() const;   // interface, union
  bool IsLeaf() const;       // scalar, enum
  bool IsInput() const;      // scalar, enum, input object
  // True if an object `type` can stand where this type is asked for.
  bool Includes(const NamedType& type) const;

  std::unordered_map<std::string_view, std::size_t> lookup;  // names of fields, inputs or values
};

struct DirectiveType {
  std::string name;
  std::string description;
  std::vector<InputField> arguments;
  std::vector<std::string> locations;  // `FIELD`, `QUERY`, …
  bool repeatable = false;
  bool built_in = false;

  const InputField* FindArgument(std::string_view name) const;
};

class Schema {
 public:
  const NamedType* FindType(std::string_view name) const;
  const DirectiveType* FindDirective(std::string_view name) const;
  const NamedType* Root(OperationKind kind) const;  // null when the schema has no such operation
  const std::string& description() const { return description_; }
  // In the order of the SDL, then the scalars of the specification, then introspection's types.
  const std::vector<std::unique_ptr<NamedType>>& types() const { return types_; }
  const std::vector<DirectiveType>& directives() const { return directives_; }
  // `__schema`, `__type` (of the query root) and `__typename` (everywhere).
  const FieldType* MetaField(const NamedType& parent, std::string_view name) const;
  // The field, meta fields included; null when there is none.
  const FieldType* FindField(const NamedType& parent, std::string_view name) const;
  // The plain use of a type of this schema: `Account`.
  const Type* UseOf(const NamedType& type) const;
  // The type a document names, null when it names none. Types that the SDL doesn't use itself are
  // made on the way and live in `extra`.
  const Type* Resolve(const TypeNode& node, std::vector<std::unique_ptr<Type>>& extra) const;

 private:
  friend class SchemaBuilder;
  Schema() = default;

  std::shared_ptr<const Document> document_;
  std::string description_;
  std::vector<std::unique_ptr<NamedType>> types_;
  std::unordered_map<std::string_view, NamedType*> types_by_name_;
  std::map<std::string, std::unique_ptr<Type>, std::less<>> type_uses_;
  std::vector<DirectiveType> directives_;
  const NamedType* roots_[3] = {nullptr, nullptr, nullptr};
  FieldType schema_field_, type_field_, typename_field_;
};

// Reads SDL: descriptions, directives, extensions, interfaces, unions, enums, input objects, custom
// scalars, defaults. Fails with kGraphqlParseFailed or kGraphqlValidationFailed and the position:
// unknown or repeated names, wrong implementations of interfaces, defaults that don't fit.
base::Result<std::shared_ptr<const Schema>> BuildSchema(std::string sdl);

// The schema as SDL, in the layout of graphql-js's printSchema; BuildSchema reads it back.
std::string PrintSchema(const Schema& schema);

}  // namespace strongroom::graphql
